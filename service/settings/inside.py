"""What settings of connections between our own machines must be: the API's certificate, who may come with one."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from service.settings import Settings


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
