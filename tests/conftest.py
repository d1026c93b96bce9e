"""What every test has: no way to the developer's own desktop, coroutine tests, and a private desktop on request."""

from __future__ import annotations

import asyncio
import inspect
import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.desktop_session import DesktopSession

# Before any test imports Qt or opens a bus: in this process Qt draws nowhere, and there is no session bus.
os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=/nonexistent/uptray-tests"
for _variable in ("DISPLAY", "WAYLAND_DISPLAY", "XDG_CURRENT_DESKTOP"):
    os.environ.pop(_variable, None)


@pytest.fixture(scope="session")
def desktop() -> Iterator[DesktopSession]:
    """A desktop for the whole run; a test starts the parts it needs, and leaves them as it would like to find them."""
    if sys.platform != "linux":
        pytest.skip("the private desktop is made of Linux parts")
    from tests.desktop_session import DesktopSession

    with DesktopSession() as session:
        yield session


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run a test that is a coroutine on a loop of its own."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    wanted = {name: pyfuncitem.funcargs[name] for name in inspect.signature(pyfuncitem.obj).parameters}
    asyncio.run(pyfuncitem.obj(**wanted))
    return True
