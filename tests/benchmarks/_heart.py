"""Runs the program with a heart in Qt's loop, that beats every five milliseconds and notes each beat that came late.

    python -m tests.benchmarks._heart REPORT ARGUMENTS…

Writes REPORT, a JSON list: for each late beat when it was due (seconds of `time.monotonic`), how late it came, how much
of that the loop's thread was at work (the rest it waited, or the machine had others to serve), and where it was then.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from types import FrameType
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

BEAT_S = 0.005
#: What is noted: later than any beat on a machine that is not overrun.
LATE_S = 0.02
_SAMPLE_S = 0.005
_DEPTH = 6


class Heart:
    """Beats on the thread that makes it; another thread looks where that one is while a beat is due."""

    def __init__(self) -> None:
        self.began = time.monotonic()
        self.late: list[dict[str, Any]] = []
        self._owner = threading.get_ident()
        self._last = (self.began, time.thread_time())
        self._seen: Counter[str] = Counter()
        self._timer = QTimer(timerType=Qt.TimerType.PreciseTimer, interval=round(BEAT_S * 1000))
        self._timer.timeout.connect(self._beat)
        self._timer.start()
        threading.Thread(target=self._watch, daemon=True).start()

    def _beat(self) -> None:
        now, worked = time.monotonic(), time.thread_time()
        before, worked_before = self._last
        due = before + BEAT_S
        if now - due > LATE_S:
            place = self._seen.most_common(1)[0][0] if self._seen else ""
            self.late.append({"due": due, "late_s": now - due, "work_s": worked - worked_before, "at": place})
        self._seen.clear()
        self._last = (now, time.thread_time())

    def _watch(self) -> None:
        while True:
            time.sleep(_SAMPLE_S)
            frame = sys._current_frames().get(self._owner)
            if frame is not None and time.monotonic() - self._last[0] > BEAT_S + _SAMPLE_S:
                self._seen[_place(frame)] += 1


def _place(frame: FrameType) -> str:
    """Return the last places of the stack, the innermost last. Source lines are not read: that would take long."""
    stack: list[str] = []
    inner: FrameType | None = frame
    while inner is not None and len(stack) < _DEPTH:
        code = inner.f_code
        stack.insert(0, f"{Path(code.co_filename).name}:{inner.f_lineno} {code.co_name}")
        inner = inner.f_back
    return " > ".join(stack)


def main(report: Path, arguments: list[str]) -> int:
    """Run `uptray` with these arguments, and write the report when Qt's loop has ended."""
    execute = QApplication.exec

    def beating() -> int:
        heart = Heart()
        try:
            return execute()
        finally:
            report.write_text(json.dumps({"began": heart.began, "late": heart.late}), encoding="ascii")

    QApplication.exec = staticmethod(beating)  # type: ignore[method-assign]  # the loop's only way in
    from trayapp.__main__ import main as uptray

    return uptray(arguments)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
