"""Where Qt would abort the process, the reason is known before."""

from __future__ import annotations

import os

import pytest

from trayapp.desktop.display import why_no_screen, without_gtk


@pytest.mark.parametrize(
    "environ",
    [
        {"QT_QPA_PLATFORM": "offscreen"},
        {"WAYLAND_DISPLAY": "wayland-0"},
        {"QT_QPA_PLATFORM": "wayland", "WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":77777"},
    ],
)
def test_a_screen_that_needs_no_x_server_is_enough(environ: dict[str, str]) -> None:
    assert why_no_screen(environ, "linux") is None


@pytest.mark.parametrize(
    ("environ", "reason"),
    [
        ({}, "neither DISPLAY nor WAYLAND_DISPLAY"),
        ({"DISPLAY": "", "WAYLAND_DISPLAY": ""}, "neither DISPLAY nor WAYLAND_DISPLAY"),
        ({"DISPLAY": ":77777"}, "no X server :77777"),
        ({"DISPLAY": ":77777.0", "QT_QPA_PLATFORM": "xcb"}, "no X server :77777.0"),
        ({"QT_QPA_PLATFORM": "xcb", "WAYLAND_DISPLAY": "wayland-0"}, "no X server"),
    ],
)
def test_the_reason_is_one_line_that_names_what_is_missing(environ: dict[str, str], reason: str) -> None:
    said = why_no_screen(environ, "linux")
    assert said is not None and reason in said and "\n" not in said


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_other_systems_always_have_a_screen(platform: str) -> None:
    assert why_no_screen({}, platform) is None


@pytest.mark.parametrize(
    ("environ", "theme"),
    [
        ({"XDG_CURRENT_DESKTOP": "ubuntu:GNOME"}, "generic"),
        ({}, "generic"),
        ({"XDG_CURRENT_DESKTOP": "KDE"}, None),
        ({"QT_QPA_PLATFORMTHEME": "qt6ct"}, None),
    ],
)
@pytest.mark.skipif(os.name != "posix", reason="GTK themes are Linux's")
def test_gtk_stays_out_unless_the_user_chose_a_theme(environ: dict[str, str], theme: str | None) -> None:
    before = dict(os.environ)
    with without_gtk(environ):
        assert os.environ.get("QT_QPA_PLATFORMTHEME") == theme
    assert dict(os.environ) == before
