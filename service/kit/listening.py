"""One connection of the HTTP server: what it may send before anything of ours runs, and how long it may take.

uvicorn's protocol with bounds: connections in all and per address, the request line, the header section, a deadline
for headers, for readers that stop reading, and for connections at rest. Refusals are problem documents, sent so that
a sender in mid-sentence can still read them. What an ASGI application can bound itself (bodies) the gate does.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from service.kit.address import Hop, is_within, proxied
from service.kit.bounds import FULL, LATE, MALFORMED, Config, Fault
from service.kit.heads import misleading
from service.kit.outlet import Outlet

# Bytes fed to the parser at once while a head is open: it keeps what has no end yet in memory.
_SLICE = 16_384
# How long and how much is still taken, and dropped, after a refusal.
_LINGER_SECONDS, _LINGER_BYTES = 2.0, 4 << 20
_open: Counter[str] = Counter()  # connections by address, of this process


class _Refused(Exception):
    """Ends the parsing from inside one of its callbacks."""


class Listener(HttpToolsProtocol):
    """See the module; one object per connection."""

    config: Config

    def connection_made(self, transport: Any) -> None:
        """Counts the connection; one beyond the bounds is told so and ended."""
        super().connection_made(transport)
        self.bounds = self.config.bounds
        self._fault: Fault | None = None
        self._begun = self._lingering = False  # a head is open; nothing is listened to any more
        self._raw = self._size = self._dropped = 0
        self._deadline: asyncio.TimerHandle | None = None  # of a head, or of a connection at rest
        self._stalled: asyncio.TimerHandle | None = None  # of whoever does not read, or does not end
        self._hop = Hop.of(self.client)
        proxy = is_within(self._hop.address, self.bounds.trusted)
        self._preface = bytearray() if proxy and self.bounds.proxy_protocol else None
        self._counted = "" if proxy else self._hop.group
        _open[self._counted] += 1
        if len(self.connections) > self.bounds.connections or (
            self._counted and _open[self._counted] > self.bounds.per_address
        ):
            if len(self.connections) > 2 * self.bounds.connections:
                transport.abort()
            else:
                self._refuse(FULL)
            return
        self._arm()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forgets the connection and its timers."""
        _open[self._counted] -= 1
        if _open[self._counted] <= 0:
            del _open[self._counted]
        for timer in (self._deadline, self._stalled, self.timeout_keep_alive_task):
            if timer is not None:
                timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Feeds the parser, in slices while a head is open, and looks after the deadlines."""
        if self._lingering:
            self._dropped += len(data)
            if self._dropped > _LINGER_BYTES:
                self.transport.abort()
            return
        if self._preface is not None:
            data = self._after_preface(data)
            if not data:
                return
        self._unset_keepalive_if_required()
        try:
            if len(data) <= _SLICE:
                self._feed(data)
            else:
                for start in range(0, len(data), _SLICE):
                    self._feed(data[start : start + _SLICE])
                    if self._lingering or self.transport.is_closing():
                        return
        except httptools.HttpParserUpgrade:
            self._only_this()
        except httptools.HttpParserError:
            self._refuse(self._fault or MALFORMED)
        else:
            if self._at_rest() and self._deadline is None:
                self._arm()

    def _only_this(self) -> None:
        """Another protocol was offered: ignored (RFC 9110, 7.8), but the parser reads no further request here."""
        if self.cycle is None or self.cycle.response_complete:
            self.end()
        else:
            self.cycle.keep_alive = False

    def _feed(self, data: bytes) -> None:
        self.parser.feed_data(data)
        if self._begun:
            # What has no end yet is not counted by the callbacks. A slice more, since this one may hold the end of
            # the message before.
            self._raw += len(data)
            if self._raw > self.bounds.header_bytes + self.bounds.line_bytes + _SLICE:
                self._fault = self._too_large()
                raise httptools.HttpParserError

    def _at_rest(self) -> bool:
        """Whether the next thing to come is a head, or the rest of one."""
        return (
            self._begun or self.cycle is None or (self.cycle.response_complete and not self.cycle.more_body)
        )

    def _too_large(self) -> Fault:
        if len(self.url) > self.bounds.line_bytes:
            return Fault(414, "uri_too_long", f"请求地址不得超过 {self.bounds.line_bytes} 字节")
        limits = f"{self.bounds.header_bytes} 字节、{self.bounds.header_count} 项"
        return Fault(431, "headers_too_large", f"请求头合计不得超过 {limits}")

    # ---- the parser's callbacks ----

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._begun, self._raw, self._size = True, 0, 0

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        if len(self.url) > self.bounds.line_bytes:
            self._stop()

    def on_header(self, name: bytes, value: bytes) -> None:
        self._size += len(name) + len(value) + 4
        if self._size > self.bounds.header_bytes or len(self.headers) >= self.bounds.header_count:
            self._stop()
        super().on_header(name, value)

    def _stop(self) -> None:
        self._fault = self._too_large()
        raise _Refused

    def on_headers_complete(self) -> None:
        """The head is there: the application's turn; its closing waits for what is still being sent."""
        self._begun = False
        self._disarm()
        if (why := misleading(self.headers, self.parser.get_http_version())) is not None:
            self._fault = MALFORMED._replace(detail=why)
            raise _Refused
        super().on_headers_complete()
        outlet = Outlet(self, self.cycle)
        self.cycle.transport, self.cycle.send = outlet, outlet.send  # type: ignore[assignment,method-assign]
        self.cycle.on_response = outlet.finish

    # ---- deadlines ----

    def _arm(self) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(self.bounds.header_seconds, self._late)

    def _disarm(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _late(self) -> None:
        self._deadline = None
        if self._begun or self._preface:
            self._refuse(LATE)
        else:
            self.end()  # nothing was asked, so nothing is answered

    def on_response_complete(self) -> None:
        """Goes on with the next request, unless this one's body was refused in the middle."""
        if self.cycle.more_body and not self.pipeline:
            self.server_state.total_requests += 1
            self.linger()
            return
        super().on_response_complete()

    def timeout_keep_alive_handler(self) -> None:
        self.end()

    def pause_writing(self) -> None:
        """The reader has stopped reading; who does not go on holds an answer and a task."""
        super().pause_writing()
        self._expect(self.bounds.write_seconds)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._stalled is not None and not self.transport.is_closing() and not self._lingering:
            self._stalled.cancel()
            self._stalled = None

    def _expect(self, seconds: float) -> None:
        """Cuts the connection unless it has moved on by then."""
        if self._stalled is None and self.transport is not None:
            self._stalled = self.loop.call_later(seconds, self.transport.abort)

    # ---- ends ----

    def shutdown(self) -> None:
        if self.cycle is None or self.cycle.response_complete:
            self.end()
        else:
            self.cycle.keep_alive = False

    def end(self) -> None:
        """Closes, whether or not the rest of what was written is ever read."""
        if not self.transport.is_closing():
            self.transport.close()
            self._expect(self.bounds.write_seconds)  # what is still to be written may never be read

    def linger(self) -> None:
        """Ends our side and drops what still comes for a moment: closed at once, a reset would eat the answer."""
        if self._lingering or self.transport.is_closing():
            return
        self._lingering = True
        self._disarm()
        self.flow.resume_reading()
        if self.transport.can_write_eof():
            self.transport.write_eof()
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None
        self._expect(_LINGER_SECONDS)

    def eof_received(self) -> None:
        """The other side has ended: after a refusal there is nothing left to wait for."""
        if self._lingering:
            self.end()

    def _refuse(self, fault: Fault) -> None:
        """Answers with a problem and ends; silently where an answer is under way."""
        if self.transport.is_closing() or self._lingering:
            return
        if self.cycle is not None and not self.cycle.response_complete:
            self.end()
            return
        self.transport.write(fault.answer())
        self.linger()

    def _after_preface(self, data: bytes) -> bytes:
        """Takes the PROXY line of a proxy; what follows it is HTTP."""
        assert self._preface is not None  # noqa: S101
        self._preface += data
        try:
            found = proxied(bytes(self._preface))
        except ValueError:
            self._preface = None
            self._refuse(MALFORMED)
            return b""
        if found is None:
            return b""
        self._preface = None
        hop, rest = found
        if hop is not None:
            self.client = hop
        return rest
