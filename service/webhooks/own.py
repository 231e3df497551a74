"""Which servers the settings name as the service's own."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from service.kit.http import system_lookup
from service.kit.own_servers import Own, OwnServers
from service.settings import Settings

_HERE = "127.0.0.1"
_POSTGRES, _VALKEY = 5432, 6379


def own_servers(settings: Settings) -> OwnServers:
    """PostgreSQL, Valkey, the attachments' store with their whole machines; our own ports; the issuer by its name."""
    databases = (settings.database_url, settings.tenant_url, settings.province_url, settings.relay_url)
    found = [each for url in databases if url for each in _hosts(url, _POSTGRES)]
    found += _hosts(settings.valkey_url, _VALKEY) if settings.valkey_url else []
    store = urlsplit(settings.documents_url)
    if store.hostname:
        port = store.port or (443 if store.scheme == "https" else 80)
        found.append(Own(store.hostname, port, whole=True))
    ports = [settings.port, *([settings.worker_metrics_port] if settings.worker_metrics_port else [])]
    ports += [settings.metrics_port + n for n in range(settings.workers)] if settings.metrics_port else []
    found += [Own(settings.host, port) for port in ports]
    issuer = urlsplit(settings.issuer)
    if issuer.hostname:
        port = issuer.port or (443 if issuer.scheme == "https" else 80)
        found.append(Own(issuer.hostname, port, by_name=True))
    return OwnServers(tuple(dict.fromkeys(found)), system_lookup)


def _hosts(url: str, port: int) -> list[Own]:
    """Every host of a connection URL, of which there may be several; a socket is this machine's port."""
    parts = urlsplit(url)
    asked = parse_qs(parts.query)
    listed = parts.netloc.rpartition("@")[2].split(",") + ",".join(asked.get("host", [])).split(",")
    ports = ",".join(asked.get("port", []))
    default = int(ports) if ports.isdigit() else port
    found = []
    for text in filter(None, listed):
        if text.startswith(("/", "%2F")):
            found.append(Own(_HERE, default))
            continue
        one = urlsplit(f"//{text}")
        if one.hostname:
            found.append(Own(one.hostname, one.port or default, whole=True))
    return found or [Own(_HERE, default)]
