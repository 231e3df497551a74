"""How the text of a TONGJIAN_* variable becomes its setting: one reader for every field that is no plain text.

A reader raises ValueError with what it expects, and never quotes the text: that of a URL may hold a password.
"""

import base64
import binascii
import re
from collections.abc import Callable
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import urlsplit

from service.kit.fonts import fonts
from service.kit.rates import rate

Network = IPv4Network | IPv6Network

_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
# The names of the rate limits (`limit_*`), and of the settings in seconds.
RATES = ("person", "client", "tenant", "anonymous", "token", "token_address", "feed")
SECONDS = ("header_timeout_s", "body_timeout_s", "body_idle_s", "write_timeout_s", "keep_alive_s")
_ISSUER_REF = re.compile(r"[0-9A-Za-z]{2,16}\.[a-z][a-z0-9-]{0,38}[a-z0-9]")
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_PREFIX = re.compile(r"[0-9A-Za-z_-][0-9A-Za-z._-]*")
_SCHEMES = ("postgres", "postgresql", "postgresql+asyncpg")


def _database_url(text: str) -> str:
    scheme, separator, rest = text.partition("://")
    if scheme not in _SCHEMES or not separator:
        raise ValueError("expected postgresql://user:password@host:port/database")
    parts = urlsplit(text)
    if "@" in parts.path + parts.query + parts.fragment or parts.fragment:
        # Read on, and a piece of the password would be taken for the host, and shown as such.
        raise ValueError("percent-encode the characters / ? # @ : in user and password")
    return f"postgresql://{rest}"


def _valkey_url(text: str) -> str:
    scheme, separator, rest = text.partition("://")
    # The client library knows Redis' names only.
    scheme = scheme.replace("valkey", "redis")
    if scheme not in ("redis", "rediss", "unix") or not separator:
        raise ValueError("expected redis://, rediss://, valkey://, valkeys:// or unix://")
    return f"{scheme}://{rest}"


def _clamd(text: str) -> str:
    host, colon, port = text.rpartition(":")
    if not text.startswith("/") and not (host and colon and port.isascii() and port.isdigit()):
        raise ValueError("expected the path of clamd's socket, or host:port")
    return text


def read_networks(text: str) -> tuple[Network, ...]:
    """Networks in CIDR notation, separated by commas; ValueError for one that is none."""
    return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())


def _one_of(*allowed: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in allowed:
            raise ValueError(f"one of {', '.join(allowed)}")
        return text

    return read


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise ValueError("a whole number")
    return int(text)


def _ratio(text: str) -> float:
    if not re.fullmatch(r"[01](\.\d{1,6})?", text, re.ASCII):
        raise ValueError("a part from 0 to 1, such as 0.1")
    return float(text)


def _issuer(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("expected an http or https URL without query and fragment")
    return text


def _bucket(text: str) -> str:
    """A bucket of an S3-compatible store, by path; its key and secret are settings of their own."""
    parts = urlsplit(text)
    path = parts.path.strip("/").split("/")
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("expected https://host:port/bucket, without query and fragment")
    if "@" in parts.netloc:
        raise ValueError("key and secret belong into TONGJIAN_DOCUMENTS_ACCESS or _ACCESS_FILE")
    if not _BUCKET.fullmatch(path[0]) or not all(map(_PREFIX.fullmatch, path[1:])):
        raise ValueError("expected a bucket (and below it a prefix) as the path: https://host:port/bucket")
    return f"{parts.scheme}://{parts.netloc}/{'/'.join(path)}"


def access(text: str) -> tuple[str, str]:
    """`<access key>:<secret>`; ValueError, which quotes neither, for anything else."""
    ident, colon, secret = text.strip().partition(":")
    if not colon or not ident or not secret or any(letter.isspace() for letter in ident + secret):
        raise ValueError("expected <access key>:<secret>")
    return ident, secret


def _secrets(text: str) -> tuple[tuple[str, str], ...]:
    """`<tenant>.<issuer>=<secret>`, blanks between; what is said of a fault never quotes a secret."""
    found = [(name, secret) for name, _, secret in (part.partition("=") for part in text.split())]
    if len(dict(found)) != len(found) or not all(
        _ISSUER_REF.fullmatch(name) and secret for name, secret in found
    ):
        raise ValueError("expected <tenant>.<issuer>=<secret>, blanks between, each issuer once")
    return tuple(found)


def _origins(text: str) -> tuple[str, ...]:
    """Origins as browsers send them: scheme, host, port where it is not the scheme's own; http on this machine only."""
    found = tuple(each.strip() for each in text.split(",") if each.strip())
    for each in found:
        parts = urlsplit(each)
        local = parts.hostname in ("localhost", "127.0.0.1", "::1")
        if f"{parts.scheme}://{parts.netloc}" != each or each != each.lower() or "@" in each or "*" in each:
            raise ValueError("expected origins like https://portal.example.gov.cn, comma separated")
        if not parts.hostname or (parts.scheme != "https" and not (parts.scheme == "http" and local)):
            raise ValueError("an origin is https, or http on this machine")
    return found


def _gateway(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.fragment or parts.username:
        raise ValueError("expected an http or https URL without user and fragment")
    return text


def signs(secret: str) -> bool:
    """Whether it is a secret of Standard Webhooks: 24 bytes or more in base64, `whsec_` before or not."""
    try:
        return len(base64.b64decode(secret.removeprefix("whsec_"), validate=True)) >= 24
    except (binascii.Error, ValueError):
        return False


READERS: dict[str, Callable[[str], object]] = {
    "environment": _one_of("development", "production", "sandbox"),
    "nested_lends": _one_of("refuse", "alarm"),
    **dict.fromkeys(("database_url", "tenant_url", "province_url", "relay_url", "backup_url"), _database_url),
    "valkey_url": _valkey_url,
    "issuer": _issuer,
    "otlp_endpoint": _issuer,
    "trace_ratio": _ratio,
    "documents_url": _bucket,
    "clamd": _clamd,
    "secret_keys_before": lambda text: tuple(text.split()),
    "sealing": _one_of("aes-256-gcm", "sm4-gcm"),
    "documents_access": lambda text: ":".join(access(text)),
    "sso_secrets": _secrets,
    "smtp_security": _one_of("starttls", "tls", "none"),
    "gateway_url": _gateway,
    **dict.fromkeys(
        (
            "signing_keys_file",
            "audit_anchor_dir",
            "documents_dir",
            "documents_access_file",
            "documents_ca_file",
            "province_dir",
            "drafts_dir",
            "backup_dir",
            "clock_file",
            "smtp_password_file",
            "smtp_ca_file",
            "tls_cert_file",
            "tls_key_file",
            "tls_client_ca_file",
        ),
        Path,
    ),
    **dict.fromkeys(
        ("webhook_networks", "sso_networks", "trusted_proxies", "metrics_networks"), read_networks
    ),
    **dict.fromkeys((f"limit_{name}" for name in RATES), rate),
    "fonts": fonts,
    **dict.fromkeys(("proxy_protocol", "compression"), lambda text: _one_of("on", "off")(text) == "on"),
    "cors_origins": _origins,
    **dict.fromkeys(
        (
            "port",
            "max_header_bytes",
            "max_anonymous_body_bytes",
            "max_body_bytes",
            *SECONDS,
            "valkey_timeout_ms",
            "limit_failures",
            "limit_longest_wait_s",
            "max_connections",
            "max_connections_per_address",
            "max_document_bytes",
            "file_readers",
            "pool_min",
            "pool_max",
            "token_ttl_s",
            "workers",
            "worker_metrics_port",
            "metrics_port",
            "smtp_port",
            "reminder_timeout_s",
            "reminders_per_hour",
        ),
        _whole,
    ),
    "log_level": lambda text: _one_of(*_LEVELS)(text.upper()),
}
