"""The two ways out: a mail server (SMTP), and a gateway over HTTP. What they say is a value, never their text.

A mail's Message-ID and a gateway's `webhook-id` are made of the message's id, so that who gets one twice (the worker
died between sending and noting it) can tell.
"""

from __future__ import annotations

import asyncio
import ssl
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path
from typing import NamedTuple, Protocol

import aiosmtplib
import msgspec

from service.kit import clock
from service.kit.http import Failure, Outbound, Response
from service.settings import Settings
from service.webhooks.signing import signature


class Outgoing(NamedTuple):
    """A message as it is sent."""

    id: str
    address: str
    subject: str
    text: str


class Outcome(NamedTuple):
    """What became of it: `sent`; `refused` for good; `later` (that message); `down` (nobody is answered now).

    `code`: why, stable; `wait`: seconds the other side asked for.
    """

    kind: str
    code: str | None = None
    wait: float = 0.0


SENT = Outcome("sent")


class Transport(Protocol):
    """A way out."""

    async def send(self, message: Outgoing) -> Outcome:
        """Once; never raises for what the network or the other side does."""
        ...


class MailServer:
    """Sends one mail a connection, with STARTTLS or TLS as the settings say."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._context = ssl.create_default_context(
            cafile=None if settings.smtp_ca_file is None else str(settings.smtp_ca_file)
        )

    async def send(self, message: Outgoing) -> Outcome:
        """A mail to one person."""
        given = self._settings
        patience = float(given.reminder_timeout_s)
        try:
            async with asyncio.timeout(patience):
                refused, _ = await aiosmtplib.send(
                    self._mail(message),
                    hostname=given.smtp_host,
                    port=given.smtp_port,
                    use_tls=given.smtp_security == "tls",
                    start_tls=given.smtp_security == "starttls",
                    tls_context=None if given.smtp_security == "none" else self._context,
                    username=given.smtp_user or None,
                    password=_password(given) or None,
                    timeout=patience,
                )
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            return _said(error)
        return _code_of(next(iter(refused.values())).code) if refused else SENT

    def _mail(self, message: Outgoing) -> EmailMessage:
        made = EmailMessage()
        name, address = parseaddr(self._settings.smtp_from)
        made["From"] = Address(name or "统建", addr_spec=address)
        made["To"] = Address(addr_spec=message.address)
        made["Subject"] = message.subject
        made["Message-ID"] = f"<{message.id}@{address.partition('@')[2]}>"
        made["Date"] = clock.now()
        made["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's absence answers it
        made.set_content(message.text + "\n", cte="base64")
        return made


def _password(settings: Settings) -> str:
    """From its own file, where there is one: read each time, since it may be changed."""
    file: Path | None = settings.smtp_password_file
    return settings.smtp_password if file is None else file.read_text(encoding="utf-8").strip()


def _said(error: Exception) -> Outcome:
    """Of the exceptions of aiosmtplib: what concerns this message, and what concerns all."""
    if isinstance(error, aiosmtplib.SMTPAuthenticationError):
        return Outcome("down", "smtp_auth")
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        return _code_of(error.recipients[0].code)
    if isinstance(error, aiosmtplib.SMTPSenderRefused):
        return Outcome("down", f"smtp_sender_{error.code}")
    if isinstance(error, aiosmtplib.SMTPDataError):
        return _code_of(error.code)
    if isinstance(error, aiosmtplib.SMTPTimeoutError | TimeoutError):
        return Outcome("down", "timeout")
    if isinstance(error, aiosmtplib.SMTPResponseException):  # greeting, HELO, STARTTLS
        return Outcome("down", f"smtp_{error.code}")
    if isinstance(error, ssl.SSLError) or isinstance(error.__cause__, ssl.SSLError):
        return Outcome("down", "tls_failed")
    if isinstance(error, ValueError):  # an address that no mail can have
        return Outcome("refused", "bad_address")
    return Outcome("down", "unreachable")


def _code_of(code: int) -> Outcome:
    return Outcome("refused" if 500 <= code < 600 else "later", f"smtp_{code}")


class Gateway:
    """POSTs {"id", "to", "text"}, signed after Standard Webhooks; 2xx is taken for sent."""

    def __init__(self, settings: Settings, outbound: Outbound) -> None:
        self._settings, self._outbound = settings, outbound

    async def send(self, message: Outgoing) -> Outcome:
        """One text message."""
        body = msgspec.json.encode({"id": message.id, "to": message.address, "text": message.text})
        ident, now = f"msg_{message.id}", int(clock.timestamp())
        headers = {
            "content-type": "application/json",
            "user-agent": "Tongjian-Reminders/1",
            "webhook-id": ident,
            "webhook-timestamp": str(now),
            "webhook-signature": signature([self._settings.gateway_secret], ident, now, body),
        }
        answer = await self._outbound.post(self._settings.gateway_url, body, headers)
        if isinstance(answer, Failure):
            return Outcome("down", answer.code)
        return _answered(answer)


def _answered(answer: Response) -> Outcome:
    """429 and 5xx speak of the gateway, 401 and 403 of us; what else is refused is this message's."""
    code, wait = f"http_{answer.status}", answer.wait or 0.0
    if 200 <= answer.status < 300:
        return SENT
    if answer.status in (401, 403, 404, 405, 429) or answer.status >= 500:
        return Outcome("down", code, wait)
    return Outcome("later" if answer.status in (408, 409, 425) else "refused", code, wait)
