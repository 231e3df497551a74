"""A real mail server on loopback: keeps what it got, answers as told, with or without STARTTLS."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any, cast

from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class Post:
    """`says`: the answer to the end of a mail; `to`: to each recipient; `hangs`: never answers that."""

    def __init__(self) -> None:
        self.got: list[tuple[str, EmailMessage]] = []
        self.says, self.to, self.port = "250 OK", "250 OK", 0
        self.hangs = asyncio.Event()
        self.hangs.set()
        self.secured: list[bool] = []

    async def handle_RCPT(
        self, _server: Any, session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if self.to.startswith("250"):
            envelope.rcpt_tos.append(address)
        self.secured.append(session.ssl is not None)
        return self.to

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        await self.hangs.wait()
        if self.says.startswith("250"):
            made = message_from_bytes(envelope.content, policy=policy.default)
            self.got.append((envelope.rcpt_tos[0], cast("EmailMessage", made)))
        return self.says

    def texts(self, address: str) -> list[str]:
        """What went to an address."""
        return [mail.get_content().strip() for to, mail in self.got if to == address]


@asynccontextmanager
async def post(context: ssl.SSLContext | None = None, **more: Any) -> AsyncIterator[Post]:
    """A server while the block lasts; with a context it wants STARTTLS before anything else."""
    made = Post()

    def factory() -> SMTP:
        return SMTP(made, tls_context=context, require_starttls=context is not None, hostname="post", **more)

    server = await asyncio.get_running_loop().create_server(factory, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        made.hangs.set()
        server.close()


def letting_in(user: str, password: str) -> dict[str, Any]:
    """The options of a server that wants to know who sends."""

    def judge(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        right = (data.login, data.password) == (user.encode(), password.encode())
        return AuthResult(success=right, handled=False)

    return {"authenticator": judge, "auth_required": True}


def certified(at: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's context with a certificate of its own for 127.0.0.1, and that certificate as an authority's file."""
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "post")]),
    )
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, private = at / "post.pem", at / "post.key"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, private)
    return context, certificate
