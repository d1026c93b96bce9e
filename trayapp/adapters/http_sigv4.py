"""A request signed as Amazon's services want it when the key is one of AWS itself: Signature Version 4.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html, checked against the test
suite that AWS published with it. By hand, because of the libraries of November 2026 AWS' own `aws-sdk-signers` needs
Python 3.12, `requests-aws4auth` brings requests, botocore is larger than all of Uptray, and the small ones take no
time to sign at, so that nothing shows them right (`httpx-aws-auth`), sign one kind of call (`aws-http-auth`) or had a
single release (`asigv4`). Pure: the time is an argument.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import UTC, datetime
from urllib.parse import parse_qsl, quote, urlsplit

from trayapp.model.request import Request

_ALGORITHM = "AWS4-HMAC-SHA256"
#: service.region.amazonaws.com, and of China; a FIPS endpoint says so behind the service's name.
_HOST = re.compile(r"([a-z0-9-]+?)(?:-fips)?\.([a-z]{2,}(?:-[a-z]+)+-\d+)\.(?:amazonaws\.com(?:\.cn)?|api\.aws)")
#: Endpoints whose signature carries another name than the endpoint.
_SIGNS_AS = {
    "bedrock-runtime": "bedrock",
    "bedrock-agent": "bedrock",
    "bedrock-agent-runtime": "bedrock",
}
#: Characters that stay as they are (RFC 3986, unreserved).
_PLAIN = "-_.~"


class Unsigned(Exception):
    """The request cannot be signed; the message says why and holds nothing of the key."""


def scope(host: str) -> tuple[str, str]:
    """Return the region and the service of an endpoint's host. Raises Unsigned."""
    found = _HOST.fullmatch(host)
    if found is None:
        raise Unsigned(f"{host} is not the address of a service of AWS in a region")
    service, region = found.groups()
    return region, _SIGNS_AS.get(service, service)


def signed(request: Request, key: str, at: datetime) -> dict[str, str]:
    """Return the headers that sign `request`, which is sent to a host of AWS. Raises Unsigned.

    `key` is "ACCESS_KEY_ID:SECRET", or "ACCESS_KEY_ID:SECRET:SESSION_TOKEN" for one that is only lent.
    """
    region, service = scope(urlsplit(request.url).hostname or "")
    return authorization(request, key, at, region, service)


def authorization(request: Request, key: str, at: datetime, region: str, service: str) -> dict[str, str]:
    """Return the headers that sign `request` for a service of a region. Raises Unsigned."""
    owner, secret, session = _parts(key)
    moment = at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    added = {"x-amz-date": moment, **({"x-amz-security-token": session} if session else {})}
    kept = {name.lower(): value for name, value in request.headers.items() if name.lower() == "content-type"}
    covered = dict(sorted({"host": urlsplit(request.url).netloc, **kept, **added}.items()))
    names = ";".join(covered)
    canonical = "\n".join(
        (
            request.method,
            _path(request.url),
            _query(request.url),
            *(f"{name}:{' '.join(value.split())}" for name, value in covered.items()),
            "",
            names,
            hashlib.sha256(request.body or b"").hexdigest(),
        )
    )
    where = f"{moment[:8]}/{region}/{service}/aws4_request"
    said = "\n".join((_ALGORITHM, moment, where, hashlib.sha256(canonical.encode()).hexdigest()))
    made = f"AWS4{secret}".encode()
    for word in where.split("/"):
        made = hmac.digest(made, word.encode(), "sha256")
    signature = hmac.digest(made, said.encode(), "sha256").hex()
    return {
        **added,
        "authorization": f"{_ALGORITHM} Credential={owner}/{where}, SignedHeaders={names}, Signature={signature}",
    }


def _parts(key: str) -> tuple[str, str, str]:
    parts = key.split(":", 2)
    if len(parts) < 2 or not all(parts):
        raise Unsigned('the key must be "ACCESS_KEY_ID:SECRET", with ":SESSION_TOKEN" for one that is only lent')
    return parts[0], parts[1], parts[2] if len(parts) == 3 else ""


def _path(url: str) -> str:
    """Return the path as it is sent, encoded once more: every service but S3 counts on that."""
    return quote(urlsplit(url).path or "/", safe=f"/{_PLAIN}")


def _query(url: str) -> str:
    pairs = parse_qsl(urlsplit(url).query, keep_blank_values=True)
    return "&".join(sorted(f"{quote(name, safe=_PLAIN)}={quote(value, safe=_PLAIN)}" for name, value in pairs))
