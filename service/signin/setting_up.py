"""Single sign-on of a process: put on the shelf, and the sessions told who judges them."""

from __future__ import annotations

from service.identity.journal import LoginJournal
from service.identity.own_sessions import OwnSessions
from service.identity.sessions import Sessions
from service.kit import clock
from service.kit.api import Services
from service.kit.http import Outbound
from service.kit.keys import KeySource
from service.kit.own_servers import OwnServers
from service.kit.providers import Providers
from service.kit.telemetry import Telemetry
from service.settings import Settings
from service.signin.flow import SignIn
from service.signin.narrowing import Origins

PATIENCE = 5.0  # seconds a provider may take


def sign_in(
    services: Services, settings: Settings, keys: KeySource, secret: bytes, sessions: Sessions
) -> None:
    """Called once, when the sessions stand on the shelf's console."""
    own: OwnServers = services.shelf[OwnServers]
    outbound = Outbound(settings.sso_networks, own=own, timeout=PATIENCE)
    providers = Providers(outbound, plain=not settings.production, monotonic=clock.monotonic)
    roles = services.policy.roles
    sessions.judge = Origins(services.door, roles)
    services.shelf[OwnSessions] = OwnSessions(services.door, sessions)
    services.shelf[Providers] = providers
    services.shelf[SignIn] = SignIn(
        services.door,
        roles,
        providers,
        sessions,
        keys,
        settings,
        secret,
        services.shelf[LoginJournal],
        services.shelf[Telemetry],
    )
