"""From httpx's answer to ours: the body is read within its bounds, and no further than it is wanted.

Imports httpcore, by way of `http_line`: to be imported only where the network is first needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from trayapp.adapters.http_body import Body
from trayapp.adapters.http_call import Call, Phase
from trayapp.adapters.http_line import Enough
from trayapp.model.request import Failure, Outcome

if TYPE_CHECKING:
    import httpx

#: What servers keep in a browser is neither used nor handed on.
_LEFT_OUT = "set-cookie"
#: The answer is the proxy's own, to a request over plain http.
_PROXY_WANTS_LOGIN = 407
#: From this status on an answer is an error.
_ERROR = 400


async def read(call: Call, answer: httpx.Response) -> Outcome:
    """Return the answer with its body, or the failure to have the body. Raises what the network makes it raise."""
    url = call.request.url
    seconds = call.seconds()
    headers = {name.lower(): value for name, value in answer.headers.items() if name.lower() != _LEFT_OUT}
    if not call.request.first_byte:
        call.phase = Phase.BODY
    body, first = await _body(
        call, answer, Body(headers.get("content-encoding", ""), headers.get("content-length", ""))
    )
    failure, detail = body.trouble or (None, "")
    if answer.status_code == _PROXY_WANTS_LOGIN and call.proxy_host is not None:
        failure, detail = Failure.PROXY_AUTH, f"the proxy {call.proxy_host} wants a login"
    if failure is not None:
        return Outcome(url, failure=failure, detail=detail, seconds=seconds)
    return Outcome(url, answer.status_code, headers, body.whole(), seconds=first or seconds)


async def _body(call: Call, answer: httpx.Response, body: Body) -> tuple[Body, float | None]:
    """Fill the body, and return it; for a request that wants only its first byte, with the seconds until that came.

    What is not wanted is ended from below (`has_enough`) and not by leaving the loop: a generator left half-read is
    closed later, by the garbage collector, in a task that nobody waits for.
    """
    first: float | None = None
    # An error is wanted whole: its code may stand in a later piece.
    is_brief = call.request.first_byte and answer.status_code < _ERROR
    call.has_enough = body.trouble is not None
    try:
        async for piece in answer.aiter_raw():
            body.add(piece)
            if call.request.first_byte:
                first = first or call.seconds()
            call.has_enough = is_brief or body.trouble is not None
        body.end()
    except Enough:
        pass
    return body, first
