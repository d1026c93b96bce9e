"""The one real request before a switch, in each wire protocol."""

from __future__ import annotations

import json

import pytest

from tests.worlds import acme
from trayapp.judge.classify import classify
from trayapp.judge.trial import trial
from trayapp.model.provider import Route
from trayapp.model.reading import Symptom
from trayapp.model.request import Outcome
from trayapp.model.secret import Credential, Secret

KEY = Credential(Secret("sk-canary"), "bearer", ("api.acme.test",))


@pytest.mark.parametrize(
    ("protocol", "path", "limit"),
    [
        ("anthropic", "/v1/messages", "max_tokens"),
        ("responses", "/responses", "max_output_tokens"),
        ("chat", "/chat/completions", "max_tokens"),
        ("gemini", "/v1beta/models/tiny:generateContent", "generationConfig"),
    ],
)
def test_each_protocol_is_asked_for_the_least_in_its_own_words(protocol: str, path: str, limit: str) -> None:
    probe, request = trial(acme(), Route(protocol, "https://api.acme.test/x/"), KEY, "tiny")
    assert (request.method, request.url) == ("POST", f"https://api.acme.test/x{path}")
    body = json.loads(request.body or b"")
    assert limit in body
    assert "sk-canary" not in request.url
    assert request.credential is KEY
    assert ("anthropic-version" in request.headers) == (protocol == "anthropic")
    assert classify(acme(), probe, Outcome(request.url, 200, body=b"{}"))[0] is Symptom.OK
    assert classify(acme(), probe, Outcome(request.url, 500))[0] is not Symptom.OK


def test_a_provider_without_an_api_of_its_own_has_no_headers_of_its_own() -> None:
    _, request = trial(acme(api=None), Route("chat", "https://api.acme.test"), None, "tiny")
    assert set(request.headers) == {"accept", "content-type"}
