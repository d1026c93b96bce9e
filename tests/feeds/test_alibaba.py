"""Alibaba Cloud's events in progress."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.feeds.recorded import read
from trayapp.feeds import BadFeed
from trayapp.model.level import Level
from trayapp.model.reading import Page

#: 23 November 2026, 11 o'clock UTC, an hour before the tests' now; and an hour after it.
BEGUN, TO_COME = 1795431600000, 1795438800000


def page(**event: Any) -> Page:
    row = {"id": 1, "title": "Slow", "startTime": BEGUN, "endTime": None, "products": ["Acme API"], **event}
    return read("alibaba", json.dumps({"success": True, "code": 200, "data": [row]}).encode())


@pytest.mark.parametrize("end", [None, TO_COME, "soon", True])
def test_an_event_without_an_end_that_has_come_is_open(end: object) -> None:
    assert page(endTime=end).components[0].level is Level.DEGRADED


def test_an_event_that_has_ended_is_over() -> None:
    found = page(endTime=BEGUN)
    assert (found.components[0].level, found.incidents[0].is_open) == (Level.OPERATIONAL, False)


@pytest.mark.parametrize("products", [["Acme API"], ["Acme API International"], ["ACME api", "Storage"]])
def test_a_product_is_found_in_the_names_of_an_event(products: list[str]) -> None:
    assert page(products=products).incidents[0].components == ("api",)


def test_a_product_is_found_in_the_title() -> None:
    assert page(title="Errors of Acme API in Singapore", products=[]).incidents[0].components == ("api",)


@pytest.mark.parametrize("products", [{"name": "Acme API"}, [{"name": "Acme API"}], "Acme API", 7])
def test_products_in_a_form_that_we_do_not_know_are_not_passed_over(products: object) -> None:
    with pytest.raises(BadFeed, match="products: a list of names was expected"):
        page(products=products)


@pytest.mark.parametrize("answer", [{"success": False, "data": []}, {"data": []}, {"success": True, "data": None}])
def test_an_answer_that_failed_is_no_empty_list(answer: dict[str, Any]) -> None:
    with pytest.raises(BadFeed):
        read("alibaba", json.dumps(answer).encode())


def test_an_event_without_an_id_is_told_by_its_title_and_start() -> None:
    assert page(id=None).incidents[0].id == f"Slow@{BEGUN}"


def test_an_event_that_names_no_products_is_found_by_its_title() -> None:
    event = {"id": 1, "title": "Acme API is slow", "startTime": 1795428000000}
    body = json.dumps({"success": True, "data": [event]}).encode()
    assert read("alibaba", body).incidents[0].components == ("api",)
