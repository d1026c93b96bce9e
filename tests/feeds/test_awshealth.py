"""AWS Health, in UTF-16 and with numbers of either kind."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.feeds.recorded import read
from trayapp.feeds import BadFeed
from trayapp.model.level import Level
from trayapp.model.reading import Page

OURS, ELSEWHERE = "bedrock-us-east-1", "bedrock-sa-east-1"


def event(service: str = OURS, status: object = "3", **more: Any) -> dict[str, Any]:
    return {"service": service, "date": "1795428000", "status": status, "summary": "Errors", **more}


def page(*events: dict[str, Any]) -> Page:
    return read("awshealth", json.dumps(events).encode())


@pytest.mark.parametrize("mark", [b"\xfe\xff", b"\xff\xfe", b""], ids=["big", "little", "UTF-8"])
@pytest.mark.parametrize("status", [3, "3"], ids=["number", "text"])
def test_it_is_read_in_either_order_of_bytes_with_numbers_of_either_kind(mark: bytes, status: object) -> None:
    code = {b"\xfe\xff": "utf-16-be", b"\xff\xfe": "utf-16-le", b"": "utf-8-sig"}[mark]
    found = read("awshealth", mark + json.dumps([event(status=status)]).encode(code))
    assert found.components[0].level is Level.DOWN


def test_utf_16_cut_in_half_a_character_is_not_read() -> None:
    with pytest.raises(BadFeed, match="JSON was expected"):
        read("awshealth", b"\xfe\xff\x00[\x00")


@pytest.mark.parametrize(
    ("status", "level"),
    [("0", "operational"), ("1", "degraded"), ("2", "degraded"), ("3", "down"), ("7", "unknown"), ("", "unknown")],
)
def test_every_number_has_its_level_and_an_unknown_one_none(status: str, level: str) -> None:
    assert page(event(status=status)).components[0].level.value == level


@pytest.mark.parametrize("status", [None, True, [], 1.5])
def test_what_is_no_number_makes_the_list_unreadable(status: object) -> None:
    with pytest.raises(BadFeed, match="a number from 0 to 3"):
        page(event(status=status))


def test_an_event_of_another_region_is_left_out() -> None:
    assert page(event(ELSEWHERE)).incidents == ()


def test_an_event_of_another_service_counts_where_it_touches_ours() -> None:
    touched = {OURS: {"current": "2", "max": "3"}, ELSEWHERE: {"current": "3", "max": "3"}}
    found = page(event("ec2-us-east-1", impacted_services=touched))
    assert found.components[0].level is Level.DEGRADED
    assert found.incidents[0].components == (OURS,)


def test_a_service_that_recovered_is_well_while_the_event_goes_on() -> None:
    found = page(event("ec2-us-east-1", impacted_services={OURS: {"current": "0", "max": "3"}}))
    assert found.components[0].level is Level.OPERATIONAL
    assert found.incidents[0].is_open


def test_resolved_in_the_headline_is_over_whatever_the_number_says() -> None:
    found = page(event(status="1", summary="[RESOLVED] Errors", end_time="1795431600"))
    assert found.components[0].level is Level.OPERATIONAL
    assert [(each.name, each.is_open) for each in found.incidents] == [("Errors", False)]


def test_the_other_list_of_aws_is_not_this_one() -> None:
    with pytest.raises(BadFeed):
        page({"service": "BEDROCK", "region": "us-east-1", "typeCode": "AWS_BEDROCK_OPERATIONAL_ISSUE"})
