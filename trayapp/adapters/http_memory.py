"""The last good answers, so that a page which has not changed is not sent again (RFC 9110, section 13)."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass

_MOST_ANSWERS = 32
_MOST_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered with status 200, and by which validators the server will know it again."""

    headers: Mapping[str, str]
    body: bytes

    def validators(self) -> dict[str, str]:
        """Return the request headers that ask for a change since this answer."""
        asked = {"if-none-match": "etag", "if-modified-since": "last-modified"}
        return {name: self.headers[source] for name, source in asked.items() if source in self.headers}


class Memory:
    """The answers by URL, the least recently used forgotten first: at most 32, and 16 MB of bodies together."""

    def __init__(self, most_answers: int = _MOST_ANSWERS, most_bytes: int = _MOST_BYTES) -> None:
        self._most_answers = most_answers
        self._most_bytes = most_bytes
        self._answers: OrderedDict[str, Answer] = OrderedDict()
        self._bytes = 0

    def recall(self, url: str) -> Answer | None:
        """Return the last good answer of the URL, None when there is none."""
        answer = self._answers.get(url)
        if answer is not None:
            self._answers.move_to_end(url)
        return answer

    def keep(self, url: str, answer: Answer) -> None:
        """Remember the answer in place of the URL's last one; one without validators only takes that one away."""
        self._forget(url)
        if not answer.validators():
            return
        self._answers[url] = answer
        self._bytes += len(answer.body)
        while len(self._answers) > self._most_answers or self._bytes > self._most_bytes:
            self._forget(next(iter(self._answers)))

    def clear(self) -> None:
        """Forget all."""
        self._answers.clear()
        self._bytes = 0

    def _forget(self, url: str) -> None:
        answer = self._answers.pop(url, None)
        if answer is not None:
            self._bytes -= len(answer.body)
