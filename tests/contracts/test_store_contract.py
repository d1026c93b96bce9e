"""What every Store keeps, the one on disk and the fake alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes import FakeStore
from trayapp.adapters.paths import paths
from trayapp.adapters.store import FileStore
from trayapp.model.ports import Store
from trayapp.model.settings import Settings


class StoreContract:
    @pytest.fixture
    def store(self, tmp_path: Path) -> Store:
        raise NotImplementedError

    def test_settings_are_there_from_the_start(self, store: Store) -> None:
        assert isinstance(store.load(), Settings)

    def test_loading_twice_gives_the_same(self, store: Store) -> None:
        assert store.load() == store.load()

    def test_what_was_just_loaded_has_not_changed(self, store: Store) -> None:
        store.load()
        assert not store.changed()
        assert not store.changed()


class TestFileStore(StoreContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Store:
        return FileStore(paths({"UPTRAY_HOME": str(tmp_path)}), {}, tmp_path)


class TestFakeStore(StoreContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Store:
        return FakeStore(Settings())
