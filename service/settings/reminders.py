"""What settings of reminders must be; and what is this machine."""

from __future__ import annotations

import os
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from service.settings.readers import signs

if TYPE_CHECKING:
    from service.settings import Settings


def of_reminders(settings: Settings) -> list[str]:
    """What people are reminded by: a mail server, a gateway, either, or neither."""
    host, url = settings.smtp_host, settings.gateway_url
    near = not settings.production or host in ("localhost", "127.0.0.1", "::1")
    checks = {
        "TONGJIAN_SMTP_HOST needs TONGJIAN_SMTP_FROM, an address": not host or "@" in settings.smtp_from,
        "TONGJIAN_SMTP_PORT: 1 to 65535": 1 <= settings.smtp_port <= 65535,
        "TONGJIAN_SMTP_SECURITY is none and the server is another machine: mails would travel in the clear": (
            not host or near or settings.smtp_security != "none"
        ),
        "TONGJIAN_SMTP_PASSWORD_FILE is not a readable file": (
            settings.smtp_password_file is None or os.access(settings.smtp_password_file, os.R_OK)
        ),
        "TONGJIAN_SMTP_CA_FILE is not a readable file": (
            settings.smtp_ca_file is None or os.access(settings.smtp_ca_file, os.R_OK)
        ),
        "TONGJIAN_GATEWAY_URL needs TONGJIAN_GATEWAY_SECRET, 24 bytes or more in base64": (
            not url or signs(settings.gateway_secret)
        ),
        "TONGJIAN_GATEWAY_URL is http and not loopback: addresses would travel in the clear": (
            not settings.production or not url or urlsplit(url).scheme == "https" or is_loopback(url)
        ),
        "TONGJIAN_REMINDER_TIMEOUT_S: 1 to 120": 1 <= settings.reminder_timeout_s <= 120,
        "TONGJIAN_REMINDERS_PER_HOUR: 1 to 60": 1 <= settings.reminders_per_hour <= 60,
    }
    return [text for text, holds in checks.items() if not holds]


def is_loopback(issuer: str) -> bool:
    """Whether a URL leads to this machine."""
    host = urlsplit(issuer).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
