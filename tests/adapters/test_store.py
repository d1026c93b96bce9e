"""The user's files on disk: what is missing, wrong, unreadable or changed."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from trayapp.adapters.paths import Paths, paths, resources
from trayapp.adapters.store import LARGEST, FileStore
from trayapp.model.ports import Refused

PLAIN = 'name = "Plain"\nformerly = ["simple"]\n[api]\nbase_url = "https://plain.example"\n'

SHIPPED = {file.stem for file in (resources() / "providers").glob("*.toml")}


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(paths({"UPTRAY_HOME": str(tmp_path)}), {}, tmp_path / "nobody")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    (tmp_path / "providers").mkdir()
    (tmp_path / "providers" / "plain.toml").write_text(PLAIN)
    return tmp_path / "providers" / "plain.toml"


def watch(store: FileStore) -> list[str]:
    return [provider.id for provider in store.load().watch]


def test_without_any_file_the_defaults_apply_and_nothing_is_made(store: FileStore, tmp_path: Path) -> None:
    assert watch(store) == ["anthropic", "openai", "google"] == list(store.watched())
    assert list(tmp_path.iterdir()) == []


def test_what_is_found_in_use_is_watched(tmp_path: Path) -> None:
    (tmp_path / ".gemini").mkdir()
    store = FileStore(paths({"UPTRAY_HOME": str(tmp_path)}), {"ANTHROPIC_API_KEY": "x"}, tmp_path)
    assert watch(store) == ["anthropic", "google"] == list(store.watched())


def test_a_file_of_ones_own_is_one_more_provider(store: FileStore, config: Path, own: Path) -> None:
    config.write_text('[monitor]\nwatch = ["simple", "openai"]')
    assert watch(store) == ["plain", "openai"] == list(store.watched())
    names = store.names()
    assert set(names) == {*SHIPPED, "plain"}
    assert (names["plain"], names["google"]) == ("Plain", "Google Gemini")


def test_a_file_of_ones_own_takes_the_place_of_the_shipped_one(store: FileStore, own: Path) -> None:
    own.rename(own.with_name("openai.toml"))
    assert store.catalogue()["openai"].name == "Plain"


def test_the_catalogue_has_the_users_wishes(store: FileStore, config: Path) -> None:
    config.write_text('[providers.local]\napi.base_url = "http://127.0.0.1:8000"')
    api = store.catalogue()["local"].api
    assert api is not None
    assert api.hosts == ("127.0.0.1:8000",)


def test_windows_line_ends_and_byte_order_mark_are_read(store: FileStore, config: Path) -> None:
    config.write_bytes(b'\xef\xbb\xbf[monitor]\r\nwatch = ["openai"]\r\n')
    assert watch(store) == ["openai"]


def test_a_wrong_value_is_refused_with_its_place(store: FileStore, config: Path) -> None:
    config.write_text('[monitor]\nfeed_interval_s = "fast"')
    with pytest.raises(Refused, match=r"^config\.toml, line 2: monitor\.feed_interval_s: a number of seconds from 5"):
        store.load()


def test_a_broken_provider_file_is_named_with_its_folder(store: FileStore, config: Path, own: Path) -> None:
    own.write_text("name = ")
    config.write_text('[monitor]\nwatch = ["plain"]')
    for read in (store.load, store.watched):
        with pytest.raises(Refused, match=r"^providers/plain\.toml, line 1: TOML was expected"):
            read()


def test_a_broken_provider_file_that_nobody_watches_harms_nobody(store: FileStore, own: Path) -> None:
    own.write_text("name = ")
    assert watch(store) == ["anthropic", "openai", "google"]
    with pytest.raises(Refused, match=r"providers/plain\.toml, line 1"):
        store.names()


def make_folder(path: Path) -> None:
    path.mkdir()


def make_pipe(path: Path) -> None:
    os.mkfifo(path)


def make_loop(path: Path) -> None:
    path.symlink_to(path)


UNREADABLE: list[tuple[Callable[[Path], object], str]] = [
    (make_folder, "config.toml: a file was expected, got something else"),
    (lambda path: path.write_bytes(b"a = 1\nb = '\xff'"), "config.toml, line 2: UTF-8 text was expected"),
    (lambda path: path.write_bytes("[monitor]".encode("utf-16")), "config.toml, line 1: UTF-8 text was expected"),
    (lambda path: path.write_bytes(b"#" * (LARGEST + 1)), "config.toml: a file of at most 256 KB was expected"),
]
if sys.platform != "win32":
    UNREADABLE += [
        (make_pipe, "config.toml: a file was expected, got something else"),
        (make_loop, "config.toml: the file could not be read: "),
    ]


@pytest.mark.parametrize(("spoil", "complaint"), UNREADABLE)
def test_what_cannot_be_read_is_refused_with_file_and_reason(
    store: FileStore, config: Path, spoil: Callable[[Path], object], complaint: str
) -> None:
    spoil(config)
    for read in (store.load, store.watched, store.catalogue):
        with pytest.raises(Refused) as refused:
            read()
        assert str(refused.value).startswith(complaint)
        assert str(config) in str(refused.value)


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="nothing is unreadable to root")
def test_a_file_without_permission_is_refused(store: FileStore, config: Path) -> None:
    config.touch(mode=0o000)
    with pytest.raises(Refused, match="could not be read: Permission denied"):
        store.load()


def test_a_providers_folder_that_is_none_is_no_folder(store: FileStore, tmp_path: Path) -> None:
    (tmp_path / "providers").write_text("")
    assert set(store.names()) == SHIPPED
    (tmp_path / "providers").unlink()
    (tmp_path / "providers").symlink_to("providers")
    with pytest.raises(Refused, match="the folder could not be read"):
        store.names()


def test_changes_are_seen_of_config_and_of_provider_files(store: FileStore, config: Path, own: Path) -> None:
    assert store.changed()
    store.load()
    assert not store.changed()
    config.write_text("")
    assert store.changed()
    store.load()
    own.write_text(PLAIN + "# more\n")
    assert store.changed()
    store.load()
    own.rename(own.with_name("other.toml"))
    assert store.changed()
    store.load()
    os.utime(config, ns=(1, 1))
    assert store.changed()


def test_what_was_refused_is_not_new_until_it_changes_again(store: FileStore, config: Path) -> None:
    config.write_text("wrong")
    with pytest.raises(Refused):
        store.load()
    assert not store.changed()
    config.write_text("")
    assert store.changed()


def test_the_template_is_written_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    store = FileStore(paths({"UPTRAY_HOME": str(tmp_path / "new" / "home")}), {}, tmp_path)
    path = store.ensure_config()
    assert path.read_bytes() == (resources() / "config.toml").read_bytes()
    assert [each.name for each in path.parent.iterdir()] == ["config.toml"]
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert watch(store) == ["anthropic", "openai", "google"]
    path.write_text("# mine")
    assert store.ensure_config() == path
    assert path.read_text() == "# mine"


@pytest.mark.skipif(sys.platform == "win32", reason="symbolic links need a privilege on Windows")
def test_a_link_to_a_file_that_is_not_there_yet_is_left_alone(store: FileStore, config: Path) -> None:
    config.symlink_to("dotfiles.toml")
    store.ensure_config()
    assert config.is_symlink()


def test_a_template_that_cannot_be_written_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file")
    store = FileStore(paths({"UPTRAY_HOME": str(tmp_path / "home")}), {}, tmp_path)
    with pytest.raises(Refused, match="could not be"):
        store.ensure_config()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit to reach")
def test_a_full_disk_leaves_neither_half_a_template_nor_a_stray_file(store: FileStore, tmp_path: Path) -> None:
    import resource

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))
    try:
        with pytest.raises(Refused, match="the file could not be written: "):
            store.ensure_config()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list(tmp_path.iterdir()) == []


def test_to_name_the_watched_costs_no_parser_without_config(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from trayapp.adapters.paths import paths;"
        "from trayapp.adapters.store import FileStore;"
        f"print(FileStore(paths({{'UPTRAY_HOME': {str(tmp_path)!r}}}), {{}}, Path({str(tmp_path)!r})).watched());"
        "print(sorted({'tomllib', 'difflib', 'tempfile', 'platformdirs', 'logging', 'asyncio', 'trayapp.model.settings'} & set(sys.modules)))"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.split("\n")[:2] == ["('anthropic', 'openai', 'google')", "[]"]


def test_the_defaults_need_nothing_of_the_users(tmp_path: Path) -> None:
    places = Paths(tmp_path / "config.toml", tmp_path / "data", tmp_path / "run")
    places.config.write_text("[monitor\n", encoding="utf-8")
    settings = FileStore(places, environ={}, home=tmp_path).defaults()
    assert [provider.id for provider in settings.watch] == ["anthropic", "openai", "google"]


def test_the_watched_are_remembered_only_for_the_same_file_and_machine(tmp_path: Path) -> None:
    places = Paths(tmp_path / "config.toml", tmp_path / "data", tmp_path / "run")
    places.data.mkdir()
    places.config.write_text('[monitor]\nwatch = ["openai"]\n', encoding="utf-8")
    store = FileStore(places, environ={}, home=tmp_path)
    assert store.watched() == store.watched() == ("openai",)
    assert places.watched.exists()
    places.config.write_text('[monitor]\nwatch = ["google", "openai"]\n', encoding="utf-8")
    assert store.watched() == ("google", "openai")
    places.config.write_text("[monitor]\n", encoding="utf-8")
    assert store.watched() == ("anthropic", "openai", "google")
    assert FileStore(places, environ={"OPENAI_API_KEY": "k"}, home=tmp_path).watched() == ("openai",)
    places.watched.write_bytes(b"\xff{")
    assert store.watched() == ("anthropic", "openai", "google")
