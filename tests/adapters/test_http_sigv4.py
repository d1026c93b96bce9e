"""Requests signed for AWS: the signatures of AWS' own test suite, and what becomes of the key."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.adapters.loopback import answering, asking, serving
from trayapp.adapters import http_guard
from trayapp.adapters.http import HttpFetcher
from trayapp.adapters.http_sigv4 import Unsigned, authorization, scope, signed
from trayapp.model.request import Failure, Request
from trayapp.model.secret import Credential, Secret

#: The key, the time and the session of the suite that AWS published (aws-sig-v4-test-suite).
SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
KEY = f"AKIDEXAMPLE:{SECRET}"
AT = datetime(2015, 8, 30, 12, 36, tzinfo=UTC)
SESSION = (
    "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwth"
    "Ax7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY"
    "9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA=="
)
SUITE = "https://example.amazonaws.com"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
BEDROCK = "bedrock-runtime.us-east-1.amazonaws.com"


@pytest.mark.parametrize(
    ("request_", "key", "names", "signature"),
    [
        (Request(f"{SUITE}/"), KEY, "host;x-amz-date", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        (Request(f"{SUITE}/?Param2=value2&Param1=value1"), KEY, "host;x-amz-date", "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"),
        (Request(f"{SUITE}/", "POST"), KEY, "host;x-amz-date", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
        (Request(f"{SUITE}/", "POST", FORM, b"Param1=value1"), KEY, "content-type;host;x-amz-date", "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"),
        (Request(f"{SUITE}/", "POST"), f"{KEY}:{SESSION}", "host;x-amz-date;x-amz-security-token", "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead"),
        (Request(f"{SUITE}/example space/"), KEY, "host;x-amz-date", "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741"),
    ],
    ids=["get-vanilla", "get-vanilla-query-order-key-case", "post-vanilla", "post-x-www-form-urlencoded", "post-sts-header-before", "get-space"],
)  # fmt: skip
def test_the_suites_requests_get_the_suites_signatures(request_: Request, key: str, names: str, signature: str) -> None:
    headers = authorization(request_, key, AT, "us-east-1", "service")
    assert headers["x-amz-date"] == "20150830T123600Z"
    assert headers["authorization"] == (
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
        f"SignedHeaders={names}, Signature={signature}"
    )


def test_the_example_of_the_reference_is_signed_as_there() -> None:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide: ListUsers."""
    request = Request(
        "https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08",
        headers={"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"},
    )
    headers = authorization(request, KEY, AT, "us-east-1", "iam")
    assert headers["authorization"].endswith("5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7")


@pytest.mark.parametrize(
    ("host", "found"),
    [
        (BEDROCK, ("us-east-1", "bedrock")),
        ("bedrock.eu-central-1.amazonaws.com", ("eu-central-1", "bedrock")),
        ("bedrock-runtime-fips.us-gov-west-1.amazonaws.com", ("us-gov-west-1", "bedrock")),
        ("s3.cn-north-1.amazonaws.com.cn", ("cn-north-1", "s3")),
    ],
)
def test_region_and_service_are_the_hosts(host: str, found: tuple[str, str]) -> None:
    assert scope(host) == found


@pytest.mark.parametrize(
    "host", ["api.example.com", "amazonaws.com", "bedrock.us-east-1.amazonaws.com.evil.example", ""]
)
def test_a_host_that_is_not_aws_is_signed_for_by_nobody(host: str) -> None:
    with pytest.raises(Unsigned, match="not the address of a service of AWS"):
        signed(Request(f"https://{host}/"), KEY, AT)


@pytest.mark.parametrize("key", ["canary-secret", "canary-secret:", ":canary-secret", "AKID:canary-secret:"])
def test_half_a_key_is_refused_without_being_told(key: str) -> None:
    request = Request(f"https://{BEDROCK}/", credential=Credential(Secret(key), "sigv4", (BEDROCK,)))
    with pytest.raises(http_guard.Forbidden) as refused:
        http_guard.headers(request)
    assert "ACCESS_KEY_ID:SECRET" in str(refused.value)
    assert "canary" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_a_signed_request_carries_the_signature_of_now_and_nothing_of_the_secret() -> None:
    request = Request(
        f"https://{BEDROCK}/model/a%3A0/converse",
        "POST",
        body=b"{}",
        credential=Credential(Secret(KEY), "sigv4", (BEDROCK,)),
    )
    headers = http_guard.headers(request)
    at = datetime.strptime(headers["x-amz-date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    assert abs(datetime.now(UTC) - at) < timedelta(minutes=1)
    assert "/us-east-1/bedrock/aws4_request, " in headers["authorization"]
    assert SECRET not in repr(headers)
    assert SECRET not in repr(request)


async def test_a_key_of_aws_goes_to_its_own_hosts_alone() -> None:
    request = Request(
        f"https://{BEDROCK}/", credential=Credential(Secret(KEY), "sigv4", ("bedrock-runtime.eu-west-1.amazonaws.com",))
    )
    outcome = await HttpFetcher().fetch(request)
    assert outcome.failure is Failure.BAD_URL
    assert SECRET not in repr(outcome)


async def test_a_path_goes_over_the_wire_as_it_was_signed() -> None:
    fetcher = HttpFetcher()
    async with serving(answering()) as server:
        await fetcher.fetch(asking(f"http://localhost:{server.port}/model/amazon.nova-micro-v1%3A0/converse?a=%2F&b=~"))
    await fetcher.close()
    assert server.heads[0].startswith("GET /model/amazon.nova-micro-v1%3A0/converse?a=%2F&b=~ HTTP/1.1")
