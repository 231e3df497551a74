"""Which ways of reminding this deployment has."""

from __future__ import annotations

from service.settings import Settings


def channels_of(settings: Settings) -> list[str]:
    """`mail` with a server, `gateway` with an address; both are off by default."""
    found = {"mail": settings.smtp_host, "gateway": settings.gateway_url}
    return [name for name, where in found.items() if where]
