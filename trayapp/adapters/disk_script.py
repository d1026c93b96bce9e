"""The plain scripts beside the kept bytes, for the day when Uptray itself is gone: they need the system's shell alone.

Each file of each switch in force is put back to its exact original bytes if it still is as Uptray left it; else it is
left alone, and named. A script that is older than the records does no harm: it compares before it touches.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Line:
    """A file: the kept contents that are ours, its original, and the folders we made. An empty name: absent."""

    target: Path
    ours: tuple[str, ...]
    original: str
    mode: int
    folders: tuple[Path, ...]


def scripts(lines: Iterable[Line], platform: str = sys.platform) -> Mapping[str, bytes]:
    """Return file name and text of each script for the platform."""
    lines = tuple(lines)
    if platform == "win32":
        return {"restore.ps1": _powershell(lines), "restore.cmd": _CMD}
    return {"restore.sh": _shell(lines)}


def _shell(lines: Iterable[Line]) -> bytes:
    # Bytes: a name need not be text. In single quotes a shell takes everything as it is but the quote itself.
    rows = []
    for line in lines:
        words = [os.fsencode(line.target), line.original.encode(), b"%o" % line.mode, *(n.encode() for n in line.ours)]
        rows.append(b"put " + b" ".join(map(_quoted, words)))
        rows += [b"gone " + _quoted(os.fsencode(folder)) for folder in reversed(line.folders) if not line.original]
    return _SH + b"\n".join([*rows, b'exit "$left"', b""])


def _quoted(word: bytes) -> bytes:
    return b"'" + word.replace(b"'", b"'\\''") + b"'"


def _powershell(lines: Iterable[Line]) -> bytes:
    rows = []
    for line in lines:
        ours = ", ".join(map(_single, line.ours))
        rows.append(f"Put {_single(str(line.target))} {_single(line.original)} @({ours})")
        rows += [f"Gone {_single(str(folder))}" for folder in reversed(line.folders) if not line.original]
    # Windows' own PowerShell takes a script without a byte order mark for the machine's old code page.
    return ("\ufeff" + _PS1 + "\n".join([*rows, "exit $script:left", ""])).replace("\n", "\r\n").encode()


def _single(word: str) -> str:
    return "'" + word.replace("'", "''") + "'"


_SH = rb"""#!/bin/sh
# Puts the settings of your coding agents back as they were before Uptray changed them. Run: sh restore.sh
# A file that was changed since is left alone. Written by Uptray; needs nothing of it.
set -u
umask 077
here=$(cd -- "$(dirname -- "$0")" && pwd -P) || exit 2
left=0
say() { printf '%s: %s\n' "$1" "$2"; }
holds() {
  if [ -z "$2" ]; then [ ! -e "$1" ] && [ ! -h "$1" ]; else [ -f "$1" ] && cmp -s -- "$1" "$here/bytes/$2"; fi
}
put() {
  target=$1 original=$2 mode=$3
  shift 3
  if holds "$target" "$original"; then say "$target" 'is as it was'; return; fi
  if [ -n "$original" ] && [ ! -f "$here/bytes/$original" ]; then
    say "$target" 'the kept bytes are missing; left alone'; left=1; return
  fi
  for ours do
    if holds "$target" "$ours"; then back; return; fi
  done
  say "$target" 'was changed since; left alone'
  left=1
}
back() {
  if [ -z "$original" ]; then
    if rm -f -- "$target"; then say "$target" 'removed, as it was'; else left=1; fi
    return
  fi
  new=$target.uptray-restore
  rm -f -- "$new"
  if [ -f "$target" ]; then cp -p -- "$target" "$new"; else : >"$new" && chmod "$mode" -- "$new"; fi &&
    cat -- "$here/bytes/$original" >"$new" && cmp -s -- "$new" "$here/bytes/$original" && mv -f -- "$new" "$target" &&
    say "$target" 'put back' && return
  rm -f -- "$new"
  say "$target" 'could not be put back'
  left=1
}
gone() { rmdir -- "$1" 2>/dev/null || :; }
"""

_PS1 = r"""# Puts the settings of your coding agents back as they were before Uptray changed them. Run: restore.cmd
# A file that was changed since is left alone. Written by Uptray; needs nothing of it.
$ErrorActionPreference = 'Stop'
$script:left = 0
function Kept($name) { [IO.Path]::Combine($PSScriptRoot, 'bytes', $name) }
function Text($file) { [Convert]::ToBase64String([IO.File]::ReadAllBytes($file)) }
function Holds($target, $name) {
  if ($name -eq '') { return -not (Test-Path -LiteralPath $target) }
  if (-not [IO.File]::Exists($target) -or -not [IO.File]::Exists((Kept $name))) { return $false }
  return (Text $target) -ceq (Text (Kept $name))
}
function Put($target, $original, $ours) {
  try {
    if (Holds $target $original) { Write-Output "${target}: is as it was"; return }
    foreach ($name in $ours) {
      if (Holds $target $name) {
        if ($original -eq '') { [IO.File]::Delete($target); Write-Output "${target}: removed, as it was"; return }
        $new = "$target.uptray-restore"
        [IO.File]::WriteAllBytes($new, [IO.File]::ReadAllBytes((Kept $original)))
        if (-not [IO.File]::Exists($target)) { [IO.File]::Move($new, $target) }
        else { [IO.File]::Replace($new, $target, $null) }
        Write-Output "${target}: put back"
        return
      }
    }
    Write-Output "${target}: was changed since; left alone"
  } catch { Write-Output "${target}: could not be put back: $($_.Exception.Message)" }
  $script:left = 1
}
function Gone($folder) { try { [IO.Directory]::Delete($folder) } catch { } }
"""

_CMD = b'@powershell -NoProfile -ExecutionPolicy Bypass -File "%~dp0restore.ps1"\r\n@pause\r\n'
