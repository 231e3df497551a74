"""The settings: one frozen struct from the environment. Nobody else reads `os.environ`, but `province`."""

import hashlib
import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_network
from pathlib import Path
from typing import Literal, Self
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from service.kit.fonts import Fonts
from service.kit.rates import LimitRates, Rate
from service.settings.inside import of_neighbours, of_tls, too_wide
from service.settings.readers import RATES, READERS, SECONDS, Network, access, read_networks
from service.settings.reminders import is_loopback, of_reminders

Environment = Literal["development", "production", "sandbox"]

# Public, as everything in this repository: development only, refused in production.
DEMO_SECRET = "tongjian-demo-secret-known-to-everybody-0123456789"
LOGINS = ("tj_tenant", "tj_province", "tj_relay")
_LIMITS, _OURS = LimitRates(), Fonts()


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every field is documented in `deploy/env.example`. Secrets and URLs that carry one stay out of repr."""

    environment: Environment = "production"
    database_url: str = field(default="", repr=False)
    tenant_url: str = field(default="", repr=False)
    province_url: str = field(default="", repr=False)
    relay_url: str = field(default="", repr=False)
    valkey_url: str = field(default="", repr=False)
    secret_key: str = field(default="", repr=False)
    secret_keys_before: tuple[str, ...] = field(default=(), repr=False)
    sealing: Literal["aes-256-gcm", "sm4-gcm"] = "aes-256-gcm"
    signing_keys_file: Path | None = None
    issuer: str = "http://127.0.0.1:8000"
    audience: str = "tongjian-api"
    host: str = "127.0.0.1"
    port: int = 8000
    tls_cert_file: Path | None = None
    tls_key_file: Path | None = None
    tls_client_ca_file: Path | None = None
    audit_anchor_dir: Path | None = None
    webhook_networks: tuple[Network, ...] = ()
    sso_networks: tuple[Network, ...] = ()
    sso_secrets: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    max_header_bytes: int = 32 << 10
    max_anonymous_body_bytes: int = 16 << 10
    max_body_bytes: int = 1 << 20
    header_timeout_s: int = 10
    body_timeout_s: int = 120
    body_idle_s: int = 15
    write_timeout_s: int = 30
    keep_alive_s: int = 75
    max_connections: int = 1000
    max_connections_per_address: int = 400
    trusted_proxies: tuple[Network, ...] = ()
    proxy_protocol: bool = False
    cors_origins: tuple[str, ...] = ()
    compression: bool = True
    metrics_networks: tuple[Network, ...] = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
    valkey_timeout_ms: int = 250
    limit_person: Rate = _LIMITS.person
    limit_client: Rate = _LIMITS.client
    limit_tenant: Rate = _LIMITS.tenant
    limit_anonymous: Rate = _LIMITS.anonymous
    limit_token: Rate = _LIMITS.token
    limit_token_address: Rate = _LIMITS.token_address
    limit_feed: Rate = _LIMITS.feed
    limit_failures: int = _LIMITS.failures
    limit_longest_wait_s: int = _LIMITS.longest_wait
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_user: str = ""
    smtp_password: str = field(default="", repr=False)
    smtp_password_file: Path | None = None
    smtp_from: str = ""
    smtp_ca_file: Path | None = None
    gateway_url: str = field(default="", repr=False)
    gateway_secret: str = field(default="", repr=False)
    reminder_timeout_s: int = 20
    reminders_per_hour: int = 6
    documents_dir: Path | None = None
    documents_url: str = ""
    documents_access: str = field(default="", repr=False)
    documents_access_file: Path | None = None
    documents_region: str = "us-east-1"
    documents_ca_file: Path | None = None
    max_document_bytes: int = 20 << 20
    backup_url: str = field(default="", repr=False)
    backup_dir: Path | None = None
    file_readers: int = 3
    clamd: str = ""
    fonts: Fonts = _OURS
    drafts_dir: Path | None = None
    clock_file: Path | None = None
    pool_min: int = 2
    pool_max: int = 10
    nested_lends: Literal["refuse", "alarm"] = "alarm"
    log_level: str = "INFO"
    token_ttl_s: int = 3600
    workers: int = 1
    worker_metrics_port: int = 0
    province_dir: Path | None = None  # read by service/province.py, before there are settings
    metrics_port: int = 0
    otlp_endpoint: str = ""
    trace_ratio: float = 1.0

    @property
    def production(self) -> bool:
        return self.environment == "production"

    @property
    def sandbox(self) -> bool:
        return self.environment == "sandbox"

    @property
    def tls(self) -> tuple[str, str] | tuple[None, None]:
        """The files of the certificate that API and metrics show, and of its key."""
        cert, key = self.tls_cert_file, self.tls_key_file
        return (None, None) if cert is None or key is None else (str(cert), str(key))

    @property
    def limits(self) -> LimitRates:
        """The rate limits in one."""
        rates = {name: getattr(self, f"limit_{name}") for name in RATES}
        return LimitRates(**rates, failures=self.limit_failures, longest_wait=self.limit_longest_wait_s)

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Self:
        """Reads TONGJIAN_*; an empty value counts as unset. ValueError names all that cannot be read."""
        given = {name: env.get(f"TONGJIAN_{name.upper()}", "").strip() for name in cls.__dataclass_fields__}
        values: dict[str, object] = {}
        faults = []
        for name, text in given.items():
            try:
                if text:
                    values[name] = READERS.get(name, str)(text)
            except ValueError as error:
                # The text of a URL may hold a password, so the message never quotes it.
                faults.append(f"TONGJIAN_{name.upper()}: {error}")
        if faults:
            raise ValueError("\n".join(faults))
        if values.get("environment", "production") == "production":
            values.setdefault(
                "issuer", ""
            )  # the default is this machine's: no caller would know it by that name
        if values.get("environment") == "development":
            values = {"secret_key": DEMO_SECRET, **values}
        if values.get("environment") in ("development", "sandbox"):
            here = read_networks("127.0.0.0/8,::1/128")
            values = {"webhook_networks": here, "sso_networks": here, **values}
        for login in LOGINS if "database_url" in values and "secret_key" in values else ():
            derived = _login_url(str(values["database_url"]), login, str(values["secret_key"]))
            values.setdefault(f"{login.removeprefix('tj_')}_url", derived)
        return cls(**values)  # type: ignore[arg-type]  # each value comes from its field's reader

    def documents_credentials(self) -> tuple[str, str]:
        """Access key and its secret, from the file where one is named. OSError, ValueError: it cannot be read."""
        file = self.documents_access_file
        return access(file.read_text(encoding="utf-8") if file else self.documents_access)

    def login_password(self, login: str) -> str:
        """The password migrations give that login, and that the derived URLs carry."""
        return _login_password(self.secret_key, login)

    def problems(self) -> list[str]:
        """What forbids running with these settings; empty when nothing does."""
        found = [*_always(self), *of_reminders(self)]
        if self.sandbox:
            found += _in_sandbox(self)
        return [*found, *_in_production(self)] if self.production else found


def load() -> Settings:
    """The settings of this process; ends it with the list of problems when there are any."""
    try:
        settings = Settings.from_env(os.environ)
    except ValueError as error:
        raise SystemExit(f"配置无法读取 / unreadable settings:\n{error}") from None
    if problems := settings.problems():
        listed = "\n".join(f"  - {problem}" for problem in problems)
        raise SystemExit(f"配置不可用 / settings refused ({settings.environment}):\n{listed}")
    return settings


def _always(settings: Settings) -> list[str]:
    checks = {
        "TONGJIAN_POOL_MIN and _MAX: 0 <= min <= max, max >= 1": (
            0 <= settings.pool_min <= settings.pool_max and settings.pool_max >= 1
        ),
        "TONGJIAN_TOKEN_TTL_S: 1 to 3600 seconds": 1 <= settings.token_ttl_s <= 3600,
        "TONGJIAN_MAX_BODY_BYTES: at least 1024": settings.max_body_bytes >= 1024,
        "TONGJIAN_MAX_HEADER_BYTES: 1024 to 1048576": 1024 <= settings.max_header_bytes <= 1 << 20,
        "TONGJIAN_HEADER_TIMEOUT_S, _BODY_TIMEOUT_S, _BODY_IDLE_S, _WRITE_TIMEOUT_S, _KEEP_ALIVE_S: at least 1": (
            all(getattr(settings, name) >= 1 for name in SECONDS)
        ),
        "TONGJIAN_VALKEY_TIMEOUT_MS: at least 10": settings.valkey_timeout_ms >= 10,
        "TONGJIAN_MAX_CONNECTIONS and _PER_ADDRESS: at least 1": (
            min(settings.max_connections, settings.max_connections_per_address) >= 1
        ),
        "TONGJIAN_PROXY_PROTOCOL needs TONGJIAN_TRUSTED_PROXIES: only they may speak it": (
            bool(settings.trusted_proxies) or not settings.proxy_protocol
        ),
        **of_tls(settings),
        "TONGJIAN_TRUSTED_PROXIES trusts every address": all(n.prefixlen for n in settings.trusted_proxies),
        "TONGJIAN_DOCUMENTS_DIR and _URL: one of them, attachments lie in one place": (
            not (settings.documents_dir and settings.documents_url)
        ),
        "TONGJIAN_DOCUMENTS_URL needs TONGJIAN_DOCUMENTS_ACCESS or _ACCESS_FILE": (
            not settings.documents_url or bool(settings.documents_access or settings.documents_access_file)
        ),
        "TONGJIAN_FILE_READERS: 1 to 32": 1 <= settings.file_readers <= 32,
        "TONGJIAN_WORKERS: at least 1": settings.workers >= 1,
        "TONGJIAN_PORT: 1 to 65535": 1 <= settings.port <= 65535,
        "TONGJIAN_METRICS_PORT: 0 to 65535, with one more for each of TONGJIAN_WORKERS": (
            0 <= settings.metrics_port <= 65536 - settings.workers
        ),
        "TONGJIAN_TRACE_RATIO: 0 to 1": 0 <= settings.trace_ratio <= 1,
        "TONGJIAN_WORKER_METRICS_PORT: 0 to 65535": 0 <= settings.worker_metrics_port <= 65535,
    }
    return [text for text, holds in checks.items() if not holds]


def _in_production(settings: Settings) -> list[str]:
    key, keys = settings.secret_key, settings.signing_keys_file
    checks = {
        "TONGJIAN_SECRET_KEY is missing": bool(key),
        "TONGJIAN_SECRET_KEY is the demo's, which everybody knows": key != DEMO_SECRET,
        "TONGJIAN_SECRET_KEY is shorter than 32 bytes": not key or len(key.encode()) >= 32,
        "TONGJIAN_SECRET_KEY repeats a few characters": not key or len(set(key)) >= 10,
        "TONGJIAN_SIGNING_KEYS_FILE is missing": keys is not None,
        "TONGJIAN_SIGNING_KEYS_FILE is not a readable file": keys is None or os.access(keys, os.R_OK),
        "TONGJIAN_ISSUER is missing: the https address under which callers know this service": bool(
            settings.issuer
        ),
        "TONGJIAN_ISSUER is http and not loopback: tokens would travel in the clear": (
            not settings.issuer or urlsplit(settings.issuer).scheme == "https" or is_loopback(settings.issuer)
        ),
        "TONGJIAN_DATABASE_URL, or TONGJIAN_TENANT_URL, _PROVINCE_URL and _RELAY_URL, are missing": (
            bool(settings.tenant_url and settings.province_url and settings.relay_url)
        ),
        "TONGJIAN_VALKEY_URL is missing": bool(settings.valkey_url),
        "TONGJIAN_AUDIT_ANCHOR_DIR is missing: the audit chain needs anchors outside the database": (
            settings.audit_anchor_dir is not None
        ),
        "TONGJIAN_DOCUMENTS_DIR or _URL is missing: attachments need a place outside the web root": (
            bool(settings.documents_dir or settings.documents_url)
        ),
        "TONGJIAN_DOCUMENTS_URL is http and not loopback: attachments would travel in the clear": (
            not settings.documents_url.startswith("http:") or is_loopback(settings.documents_url)
        ),
        **of_neighbours(settings),
        "TONGJIAN_CLOCK_FILE moves the clock, which only a demo may": settings.clock_file is None,
        "TONGJIAN_SSO_NETWORKS allows too much: name the networks the identity providers are in": not too_wide(
            settings.sso_networks
        ),
        "TONGJIAN_WEBHOOK_NETWORKS allows too much: name the networks the receivers are in": not too_wide(
            settings.webhook_networks
        ),
    }
    return [text for text, holds in checks.items() if not holds]


def _in_sandbox(settings: Settings) -> list[str]:
    checks = {
        "TONGJIAN_SECRET_KEY is missing or the demo's": settings.secret_key not in ("", DEMO_SECRET),
        "TONGJIAN_CLOCK_FILE is missing: a sandbox's clock can be moved": settings.clock_file is not None,
    }
    return [text for text, holds in checks.items() if not holds]


def _login_password(secret_key: str, login: str) -> str:
    return hmac.new(secret_key.encode(), f"login:{login}".encode(), hashlib.sha256).hexdigest()


def _login_url(database_url: str, login: str, secret_key: str) -> str:
    # By hand on the text before "@": hosts may be several, or none with a socket in the query.
    parts = urlsplit(database_url)
    hosts = parts.netloc.rpartition("@")[2]
    query = [
        (k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if k not in ("user", "password")
    ]
    netloc = f"{login}:{_login_password(secret_key, login)}@{hosts}"
    return urlunsplit(("postgresql", netloc, parts.path, urlencode(query), ""))
