"""Starts the tray app. Nothing is imported here that the icon can do without: it is there before the rest is loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trayapp.adapters.paths import private_folder
from trayapp.desktop.loop import run as run_desktop

if TYPE_CHECKING:
    from trayapp.desktop.loop import Desk
    from trayapp.main.house import House


def run(house: House) -> int:
    """Start the app, or show the window of the one that runs already; return the exit code. Raises Refused."""
    private_folder(house.places.data)
    folder = private_folder(house.places.runtime)

    async def start(desk: Desk) -> None:
        import asyncio

        # In a worker thread: the icon is up by now, and shall answer while the rest is loaded.
        app = await asyncio.to_thread(_load)
        await app.run_with_log(house, desk)

    def is_saving() -> bool:
        from trayapp.main.power import is_saving as asked

        return asked()

    return run_desktop(start, instance_folder=folder, is_saving=is_saving)


def _load() -> Any:
    from trayapp.main import app

    return app
