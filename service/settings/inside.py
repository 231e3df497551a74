"""What settings of connections must be: the API's certificate, who may come with one, where the service may go."""

from __future__ import annotations

import os
from ipaddress import IPv4Network, IPv6Network, collapse_addresses
from typing import TYPE_CHECKING

from service.settings.readers import Network
from service.settings.reminders import is_loopback

if TYPE_CHECKING:
    from service.settings import Settings

_UNIQUE_LOCAL = IPv6Network("fc00::/7")


def of_tls(settings: Settings) -> dict[str, bool]:
    """What must hold where the API speaks TLS itself, each with whether it does."""
    files = (settings.tls_cert_file, settings.tls_key_file, settings.tls_client_ca_file)
    return {
        "TONGJIAN_TLS_CERT_FILE and _TLS_KEY_FILE belong together": (
            (settings.tls_cert_file is None) == (settings.tls_key_file is None)
        ),
        "TONGJIAN_TLS_CLIENT_CA_FILE needs TONGJIAN_TLS_CERT_FILE": (
            settings.tls_client_ca_file is None or settings.tls_cert_file is not None
        ),
        "TONGJIAN_TLS_CERT_FILE, _TLS_KEY_FILE or _TLS_CLIENT_CA_FILE is not a readable file": all(
            file is None or os.access(file, os.R_OK) for file in files
        ),
        "TONGJIAN_TLS_CERT_FILE with TONGJIAN_PROXY_PROTOCOL: its line comes before TLS; use X-Forwarded-For": (
            settings.tls_cert_file is None or not settings.proxy_protocol
        ),
    }


def of_neighbours(settings: Settings) -> dict[str, bool]:
    """What must hold in production of the scanner and of secret keys of before, each with whether it does."""
    before = settings.secret_keys_before
    return {
        "TONGJIAN_CLAMD is another machine: files would travel in the clear": (
            settings.clamd.startswith("/") or not settings.clamd or is_loopback(f"tcp://{settings.clamd}")
        ),
        "TONGJIAN_SECRET_KEYS_BEFORE names TONGJIAN_SECRET_KEY itself, or more than three": (
            settings.secret_key not in before and len(before) <= 3
        ),
    }


def too_wide(networks: tuple[Network, ...]) -> bool:
    """Whether they are no list of networks any more, however they are written: what they cover together counts.

    More than two /8 of IPv4, which the private ranges of RFC 1918 and 6598 do not fill; more than a /20 of IPv6
    besides the unique local addresses of RFC 4193.
    """
    fours = collapse_addresses(net for net in networks if isinstance(net, IPv4Network))
    sixes = collapse_addresses(net for net in networks if isinstance(net, IPv6Network))
    open_sixes = sum(net.num_addresses for net in sixes if not net.subnet_of(_UNIQUE_LOCAL))
    return sum(net.num_addresses for net in fours) > 2 << 24 or open_sixes > 1 << 108
