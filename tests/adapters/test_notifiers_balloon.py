"""plyer with its faults kept out, on the real plyer and a notify-send that writes down what it is given."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trayapp.adapters.notifiers.balloon import BODY_UNITS, TITLE_UNITS, Balloon, _fitting
from trayapp.model.effect import Notify
from trayapp.model.ports import Refused

pytestmark = pytest.mark.filterwarnings("ignore:The Python dbus package:UserWarning", "ignore:notify-send not found")


@pytest.mark.skipif(sys.platform != "linux", reason="notify-send is of Linux")
async def test_notify_send_is_given_text_that_it_takes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    command = tmp_path / "notify-send"
    command.write_text(f"#!/bin/sh\nprintf '%s\\n' \"$@\" > {tmp_path}/given\n")
    command.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    _forget_plyer(monkeypatch)
    await Balloon(flatpak=tmp_path / "no").notify(Notify("acme", "--help\nme", "It fails\0 for you"))
    assert (tmp_path / "given").read_text().splitlines()[:2] == ["help me", "It fails for you"]


@pytest.mark.skipif(sys.platform != "linux", reason="plyer always knows a way on Windows")
async def test_where_plyer_knows_no_way_the_notice_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    _forget_plyer(monkeypatch)
    with pytest.raises(Refused, match="knows no way"):
        await Balloon(flatpak=tmp_path / "no").notify(Notify("acme", "Acme is down", ""))


async def test_under_flatpak_it_is_not_used(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="Flatpak"):
        await Balloon(flatpak=tmp_path).start()


async def test_where_the_same_daemon_can_be_asked_better_it_is_not_used(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="same daemon"):
        await Balloon(flatpak=tmp_path / "no", better="asyncio").start()
    await Balloon(flatpak=tmp_path / "no", better="no_such_module").start()


@given(st.text(st.characters()), st.sampled_from([TITLE_UNITS, BODY_UNITS]))
def test_every_text_fits(text: str, units: int) -> None:
    fitting = _fitting(text, units)
    assert fitting
    assert not fitting.startswith(("-", " "))
    assert len(fitting.encode("utf-16-le")) <= units * 2


def _forget_plyer(monkeypatch: pytest.MonkeyPatch) -> None:
    """plyer looks for its way once a process."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "plyer"]:
        monkeypatch.delitem(sys.modules, name)
