"""The wishes and declarations about other eyes and about agents' records."""

from __future__ import annotations

import pytest

from trayapp.model.catalogue import read_provider
from trayapp.model.configuration import read_settings
from trayapp.model.ports import Refused
from trayapp.model.provider import Elsewhere

FILE = 'name = "Acme"\n[api]\nbase_url = "https://api.acme.example"\n'


def test_others_are_asked_in_trouble_and_no_records_are_read_unless_the_user_says_so() -> None:
    monitor = read_settings("", "config.toml", {}).monitor
    assert (monitor.elsewhere, monitor.passive) == ("trouble", False)
    wished = read_settings('[monitor]\nelsewhere = "always"\npassive = true', "config.toml", {}).monitor
    assert (wished.elsewhere, wished.passive) == ("always", True)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("elsewhere = true", "elsewhere: one of trouble, always, never was expected, got true"),
        (
            'elsewhere = "alway"',
            'elsewhere: one of trouble, always, never (perhaps "always") was expected, got "alway"',
        ),
        ('passive = "yes"', 'passive: true or false was expected, got "yes"'),
    ],
)
def test_a_wrong_wish_is_told_with_its_key(text: str, complaint: str) -> None:
    with pytest.raises(Refused) as refused:
        read_settings(f"[monitor]\n{text}", "config.toml", {})
    assert str(refused.value) == f"config.toml, line 2: monitor.{complaint}"


def test_a_provider_may_name_who_else_sees_it() -> None:
    assert read_provider("acme", FILE, "acme.toml").elsewhere is None
    table = '[elsewhere]\nsource = "openrouter"\nmodel = "acme/large-5.1:free"\nendpoint = "Acme AI"'
    assert read_provider("acme", FILE + table, "acme.toml").elsewhere == Elsewhere(
        "openrouter", "acme/large-5.1:free", "Acme AI"
    )


@pytest.mark.parametrize(
    "model", ["large", "../v1", "a/../../key", "a/b/c", "a/b?c", "A/b", "a/ b", "//x", "a/b#c", ""]
)
def test_a_model_is_two_words_and_leads_nowhere_else(model: str) -> None:
    table = f'[elsewhere]\nsource = "openrouter"\nmodel = "{model}"\nendpoint = "acme"'
    with pytest.raises(Refused, match=r"elsewhere\.model"):
        read_provider("acme", FILE + table, "acme.toml")


@pytest.mark.parametrize("missing", ["source", "model", "endpoint"])
def test_every_word_of_the_table_is_needed(missing: str) -> None:
    rows = {"source": "openrouter", "model": "acme/large", "endpoint": "acme"}
    table = "".join(f'{key} = "{value}"\n' for key, value in rows.items() if key != missing)
    with pytest.raises(Refused, match=rf"elsewhere\.{missing}"):
        read_provider("acme", f"{FILE}[elsewhere]\n{table}", "acme.toml")
