"""The request a ping makes, from the provider's own words for it."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

from trayapp.model.provider import Probe, ProbeKind, Provider
from trayapp.model.request import Request
from trayapp.model.secret import Credential

#: Tokens a paid ping is reckoned at, in and out: the prompt "hi" with a vendor's hidden tokens, and an answer that
#: is cut at the first token but may be billed to its limit. On the safe side for the monthly cap.
_TOKENS = (16, 16)


def request(
    provider: Provider, probe: Probe, credential: Credential | None, model: str | None = None, *, fresh: bool = False
) -> Request | None:
    """Return the ping as a request, None when it needs a key that is not there or the provider names no API.

    A keyless ping never carries the key, even when there is one: it shall show what a stranger sees.
    """
    if provider.api is None or (probe.kind is not ProbeKind.KEYLESS and credential is None):
        return None
    body = probe.body.replace("{model}", model or "").encode() if probe.body else None
    headers = {"accept": "application/json", **provider.api.headers}
    made = Request(
        # One segment of the path: Bedrock's models have a colon in their name, others a slash.
        provider.api.base_url.rstrip("/") + probe.path.replace("{model}", quote(model or "", safe="")),
        probe.method,
        {**headers, "content-type": "application/json"} if body else headers,
        body,
        None if probe.kind is ProbeKind.KEYLESS else credential,
        fresh=fresh,
        allow_private=provider.allow_private,
    )
    return replace(made, read_s=20.0, total_s=30.0, first_byte=True) if probe.kind is ProbeKind.PAID else made


def cost_usd(probe: Probe) -> float:
    """Return the most that one such ping costs, in US dollars."""
    return sum(tokens * price for tokens, price in zip(_TOKENS, probe.usd_per_million, strict=True)) / 1e6
