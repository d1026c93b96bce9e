"""What a switch would change, for eyes."""

from __future__ import annotations

import pytest
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
    ],
)
def test_a_secret_is_covered_and_what_names_none_is_not(line: str, shown: str) -> None:
    assert f"+{shown}" in diff("f", None, line.encode()).splitlines()


def test_a_file_that_comes_or_goes_is_called_so() -> None:
    assert diff("f", None, b"a").startswith("--- /dev/null\n+++ f")
    assert diff("f", b"a", None).startswith("--- f\n+++ /dev/null")
    assert diff("f", b"a", b"a") == ""


@given(st.text(alphabet=st.characters(codec="ascii", exclude_categories=["C"]), max_size=60))
def test_a_known_secret_is_shown_nowhere(around: str) -> None:
    secret = "canary-0123456789"
    assert secret not in diff("f", b"", f"{around}{secret}{around}".encode(), [secret, "ab"])
