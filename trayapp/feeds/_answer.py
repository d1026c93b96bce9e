"""Whether what came back is an answer at all, before a platform reads it.

Status 200 alone proves nothing: captive portals, bot challenges and abandoned pages answer 200 with HTML, and the AWS
WAF's silent challenge is a 202 with an empty body
(https://docs.aws.amazon.com/waf/latest/developerguide/waf-captcha-and-challenge-how-it-works.html).
"""

from __future__ import annotations

from trayapp.feeds._badfeed import BadFeed
from trayapp.feeds._text import plain
from trayapp.model.request import Outcome

#: Sent with a challenge only: by AWS WAF (link above) and by Cloudflare
#: (https://developers.cloudflare.com/cloudflare-challenges/challenge-types/challenge-pages/detect-response/).
_CHALLENGE_HEADERS = ("x-amzn-waf-action", "cf-mitigated")
#: The title of Cloudflare's interstitial page.
_CHALLENGE_TITLE = b"just a moment"
_WEB_PAGE = (b"<!doctype html", b"<html", b"<head", b"<body", b"<!--")
#: Bytes at the start of a body in which it shows what it is.
_START = 4096
_UTF8_MARK = b"\xef\xbb\xbf"


def body(outcome: Outcome, *, web_page: bool = False) -> bytes:
    """Return the bytes of a good answer. Raises BadFeed with the reason why it is none.

    `web_page`: a page for people is what was asked for.
    """
    if outcome.status is None:
        raise BadFeed(plain(outcome.detail, 120) or _failure(outcome))
    start = outcome.body[:_START].removeprefix(_UTF8_MARK).lstrip().lower()
    is_web_page = start.startswith(_WEB_PAGE)
    if _is_challenged(outcome) or (is_web_page and _CHALLENGE_TITLE in start):
        raise BadFeed(f"a bot challenge stands before the page (HTTP {outcome.status})")
    if outcome.status != 200 and not outcome.unchanged:
        elsewhere = " to another place" if 300 <= outcome.status < 400 else ""
        raise BadFeed(f"HTTP {outcome.status}{elsewhere}")
    if not start:
        raise BadFeed("an empty answer")
    if is_web_page and not web_page:
        raise BadFeed("a web page came instead of the status document")
    return outcome.body


def _is_challenged(outcome: Outcome) -> bool:
    return any(name in outcome.headers for name in _CHALLENGE_HEADERS)


def _failure(outcome: Outcome) -> str:
    return f"no answer ({outcome.failure.value})" if outcome.failure else "no answer"
