"""What a switch would change, for eyes."""

from __future__ import annotations

import json
from time import perf_counter

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from trayapp.decide.diff import COVERED, diff


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ('"ANTHROPIC_API_KEY": "sk-ant-1",', f'"ANTHROPIC_API_KEY": "{COVERED}",'),
        ("experimental_bearer_token = 'abc'", f"experimental_bearer_token = '{COVERED}'"),
        ("OPENAI_API_KEY=sk-1234", f"OPENAI_API_KEY={COVERED}"),
        ('"ANTHROPIC_AUTH_TOKEN": ""', '"ANTHROPIC_AUTH_TOKEN": ""'),
        ('apiKey: "{env:OPENROUTER_API_KEY}"', 'apiKey: "{env:OPENROUTER_API_KEY}"'),
        ('"api_key": "$ZAI_API_KEY"', '"api_key": "$ZAI_API_KEY"'),
        ('"apiKeyHelper": "/opt/uptray key print x"', '"apiKeyHelper": "/opt/uptray key print x"'),
        ('env_key = "ZAI_API_KEY"', 'env_key = "ZAI_API_KEY"'),
        ('"model": "opus"', '"model": "opus"'),
        ('{"env":{"ANTHROPIC_API_KEY":"canary"}}', f'{{"env":{{"ANTHROPIC_API_KEY":"{COVERED}"}}}}'),
        ('env.ANTHROPIC_API_KEY = "canary"', f'env.ANTHROPIC_API_KEY = "{COVERED}"'),
        ('http_headers = { Cookie = "canary" }', f"http_headers = {{{COVERED}}}"),
        ('"CUSTOM_HEADERS": "X-A: canary"', f'"CUSTOM_HEADERS": "{COVERED}"'),
        ('base_url = "https://me:canary@host/v1"', f'base_url = "https://{COVERED}@host/v1"'),
        ('url = "https://host/v1?key=canary"', f'url = "https://host/v1?key={COVERED}"'),
        ('args = ["--token", "canary"]', f'args = ["--token", "{COVERED}"]'),
        ('"apiKeyHelper": "echo sk-ant-canary"', f'"apiKeyHelper": "echo {COVERED}"'),
        ('"x": "Bearer canary"', f'"x": "Bearer {COVERED}"'),
        ("export A_KEY=canary # mine", f"export A_KEY={COVERED} # mine"),
        ('"max_tokens": 100', '"max_tokens": 100'),
        ('"keybindings": "vim"', '"keybindings": "vim"'),
        ('"hotkey": "ctrl-k"', '"hotkey": "ctrl-k"'),
        ('auth = { command = "/u", args = ["key", "print"] }', 'auth = { command = "/u", args = ["key", "print"] }'),
        ('"auth": {"selectedType": "gemini-api-key"}', '"auth": {"selectedType": "gemini-api-key"}'),
    ],
)
def test_a_secret_is_covered_and_what_names_none_is_not(line: str, shown: str) -> None:
    assert f"+{shown}" in diff("f", None, line.encode()).splitlines()


@pytest.mark.parametrize(
    "text",
    [
        '"API_KEY":\n  "canary"',
        '"api_keys": [\n  "canary",\n  "a canary"\n]',
        "api-key:\n  - openai=canary\n  - canary\nmodel: x",
        "key: >\n  canary\n  canary\n",
        'A_KEY="a\ncanary"',
        'A_KEY="canary without an end',
        '[mcp.x.http_headers]\nX-A = "canary"\n[other]\n',
        'token = """\ncanary\n"""',
        '{"keys": {"a": "canary", "b": ["canary"',
    ],
)
def test_a_secret_over_several_lines_is_covered(text: str) -> None:
    shown = diff("f", text.encode(), b"")
    assert "canary" not in shown
    assert COVERED in shown


_NAMES = st.sampled_from(
    ["ANTHROPIC_API_KEY", "apiKey", "authToken", "token", "X-Api-Key", "client_secret", "PASSWORD"]
)
_OTHERS = st.dictionaries(st.sampled_from("abcdef"), st.text(st.characters(codec="ascii"), max_size=9), max_size=3)


@given(_NAMES, _OTHERS, _OTHERS, st.sampled_from([None, 0, 1, 4]), st.sampled_from([(",", ":"), (", ", " : ")]))
def test_no_way_to_write_json_and_yaml_shows_a_key(
    name: str, before: dict[str, str], after: dict[str, str], indent: int | None, marks: tuple[str, str]
) -> None:
    held = {"env": {**before, name: "canary#'\n 0123", **after}, "list": [{name: "canary"}]}
    written = json.dumps(held, indent=indent, separators=marks), yaml.safe_dump(held), yaml.safe_dump(held, width=9)
    for text in written:
        assert "canary" not in diff("f", text.encode(), b"")


def test_a_key_that_is_replaced_by_another_is_seen_to_change() -> None:
    assert diff("f", b"A_KEY=one1\nx=1\n", b"A_KEY=two2\nx=1\n").splitlines()[2:] == [
        "@@ -1,2 +1,2 @@",
        f"-A_KEY={COVERED}",
        f"+A_KEY={COVERED}",
        " x=1",
    ]


def test_a_large_file_is_shown_soon() -> None:
    large = b'{"a_key": [{"b_key": [' * 3000 + b'{"keys": [' + b'{"api_key": "canary", "x": [1, 2]},\n' * 3000 + b"{}]}"
    started = perf_counter()
    assert "canary" not in diff("f", large, large + b" ")
    # Seconds; it takes a tenth of that.
    assert perf_counter() - started < 5


def test_a_file_that_comes_or_goes_is_called_so() -> None:
    assert diff("f", None, b"a").startswith("--- /dev/null\n+++ f")
    assert diff("f", b"a", None).startswith("--- f\n+++ /dev/null")
    assert diff("f", b"a", b"a") == ""


@given(st.text(alphabet=st.characters(codec="ascii", exclude_categories=["C"]), max_size=60))
def test_a_known_secret_is_shown_nowhere(around: str) -> None:
    secret = "canary-0123456789"
    assert secret not in diff("f", b"", f"{around}{secret}{around}".encode(), [secret, "ab"])
