"""create_app(settings): the only place where routes, services and handlers are joined."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import Any

from litestar.exceptions import HTTPException

import service.setup.schema  # noqa: F401 - every process knows every table
from service.audit import api as audit
from service.caselist import api as caselist
from service.catalogue import api as catalogue
from service.catalogue import reuse_api
from service.catalogue.reuse import look as look_for_reuse
from service.console import api as console
from service.console.front import Console, console_of
from service.delivery import api as delivery
from service.docs import api as docs
from service.docs import api_forms as forms
from service.documents import api as documents
from service.documents.bench import FileBench
from service.documents.storage import Storage, storage_of
from service.documents.viruses import Viruses
from service.filings import api as filings
from service.filings import export as filing_exports
from service.identity import api as identity
from service.identity.journal import LoginJournal
from service.identity.revoking import RevocationPoller, every_tenant
from service.identity.sessions import Sessions
from service.identity.tokens import TokenService
from service.kit import clock
from service.kit.api import Services
from service.kit.application import Application
from service.kit.authn import Revocations, Verifier
from service.kit.authz import Policy
from service.kit.beside import Beside
from service.kit.bodies import BodyBounds, Strangers
from service.kit.db import Door
from service.kit.errors import ServiceError
from service.kit.fresh import Tags
from service.kit.gate import Gate
from service.kit.handler import Group, options
from service.kit.inside import PREFIX, Inside
from service.kit.jobs import Doorbell
from service.kit.keys import KeySource
from service.kit.limits import Limits
from service.kit.outgoing import Outgoing
from service.kit.own_servers import OwnServers
from service.kit.pool import refuse_nesting
from service.kit.roles import ACCESS
from service.kit.telemetry import Telemetry, configure_logging
from service.kit.tracing import tracing_to
from service.kit.watched import Pools
from service.library import api as library
from service.measures.offices import Divisions
from service.monitoring import api as monitoring
from service.notifications import api as notifications
from service.notifications.asked import Asked
from service.obligations import api as obligations
from service.papers import api as papers
from service.papers.api_verify import API_FILE, PAGE_FILE
from service.papers.press import Press
from service.portfolio import api as portfolio
from service.portfolio.systems import count_of as count_systems
from service.projects import api as projects
from service.projects import api_actions
from service.projects.deciding import classified
from service.projects.existing import SystemsDesk
from service.projects.reuse import ReuseDesk
from service.reminders import api as reminders
from service.replay import api as replay
from service.replay.whatif import Turn
from service.reviews import api as reviews
from service.rulebook import api as rulebook
from service.rulebook.book import RuleBooks
from service.rulebook.following import RuleBookFollower
from service.rulebook.loader import base_divisions, base_rulebook
from service.sandbox import api as sandbox
from service.secrecy.scanning import TARGET, Scanner
from service.serving import health
from service.serving.answering import framework, problem, unexpected
from service.serving.lifespan import lifespan_of
from service.serving.named import tell_names
from service.settings import Settings
from service.sheets import api as sheets
from service.sheets.desk import SheetReader
from service.sheets.running import Workbooks
from service.signin import api as signin
from service.signin.setting_up import sign_in
from service.suspicions import api as suspicions
from service.tasks import api as tasks
from service.tasks.answered import ANSWERED
from service.webhooks import api as webhooks
from service.webhooks import api_feed as feed
from service.webhooks.own import own_servers

_PARTS = (
    projects,
    filings,
    caselist,
    filing_exports,
    monitoring,
    notifications,
    feed,
    webhooks,
    identity,
    signin,
    rulebook,
    replay,
    audit,
    library,
    reviews,
    delivery,
    documents,
    obligations,
    portfolio,
    catalogue,
    reuse_api,
    suspicions,
    sheets,
    forms,
    tasks,
    api_actions,
    papers,
    reminders,
)
API_ROUTES = [route for part in _PARTS for route in part.ROUTES]
UPLOADS = re.compile(
    r"/api/v1/(?:projects/[^/]+/documents|workbooks|draft-templates/[^/]+(?:/preview)?)"
    r"|/console/projects/[^/]+/papers|/console/draft-templates"
)
ROOT_ROUTES = [*identity.ROOT_ROUTES, *obligations.ROOT_ROUTES, *health.ROUTES, *docs.ROUTES, *console.ROUTES]


def door_of(settings: Settings, telemetry: Telemetry | None = None) -> Door:
    """The data door of a process; without telemetry nobody would hear an alarm, so nested lends are refused."""
    urls = {"tenant": settings.tenant_url, "province": settings.province_url, "relay": settings.relay_url}
    return Door(
        urls,  # type: ignore[arg-type]
        pool_min=settings.pool_min,
        pool_max=settings.pool_max,
        nested=refuse_nesting
        if telemetry is None or settings.nested_lends == "refuse"
        else telemetry.nested_lend,
    )


def derived(settings: Settings, purpose: str) -> bytes:
    """A key for one purpose, from the one secret."""
    return hmac.digest(settings.secret_key.encode(), purpose.encode(), hashlib.sha256)


def create_app(settings: Settings) -> Gate:
    """The ASGI application."""
    configure_logging(settings.log_level)
    clock.follow(settings.clock_file)
    if settings.signing_keys_file is None:
        raise SystemExit("TONGJIAN_SIGNING_KEYS_FILE is missing")
    keys = KeySource(settings.signing_keys_file, clock.monotonic)
    revocations = Revocations()
    verifier = Verifier(keys, settings.issuer, settings.audience, revocations, clock.timestamp)
    books = RuleBooks(base_rulebook(), base_divisions())
    services = _services(settings, _Trust(keys, verifier, revocations), books)
    routes = [*API_ROUTES, *(sandbox.ROUTES if settings.sandbox else ())]
    app = Application(
        route_handlers=[
            # OPTIONS first: to a path without it Litestar adds its own.
            Group(PREFIX, [options(routes, PREFIX), *routes]),
            Group("/", [options(ROOT_ROUTES), *ROOT_ROUTES]),
        ],
        exception_handlers={ServiceError: problem, HTTPException: framework, Exception: unexpected},
        lifespan=[lifespan_of(services)],
        openapi_config=None,
        logging_config=None,
    )
    app.state.services, app.state.policy = services, services.policy
    app.state.sandbox = settings.sandbox
    services.shelf[Inside] = Inside(app, routes)
    for handler in routes:
        services.policy.register_guards(handler.guards or ())
    services.policy.compile()
    return _gate(app, settings, services, verifier, books)


def _gate(
    app: Application, settings: Settings, services: Services, verifier: Verifier, books: RuleBooks
) -> Gate:
    """What every request passes before the application sees it."""
    return Gate(
        app,
        verifier=verifier,
        telemetry=services.shelf[Telemetry],
        scan=Scanner(services.shelf[Beside], lambda: classified(books)).refusal,
        limits=services.shelf[Limits],
        trusted=settings.trusted_proxies,
        bounds=BodyBounds(
            settings.max_anonymous_body_bytes,
            settings.max_body_bytes,
            settings.body_timeout_s,
            settings.body_idle_s,
            Strangers((API_FILE, PAGE_FILE)),
        ),
        uploads=lambda method, path: (
            settings.max_document_bytes if method == "POST" and UPLOADS.fullmatch(path) else None
        ),
        refresh=services.shelf[RevocationPoller].load,
        front=services.shelf[Console],
        sandbox=settings.sandbox,
        outgoing=Outgoing(settings.cors_origins, compress=settings.compression),
        https=settings.production,
    )


@dataclass(frozen=True)
class _Trust:
    """By what a caller's token is signed, judged and taken back."""

    keys: KeySource
    verifier: Verifier
    revocations: Revocations


def _services(settings: Settings, trust: _Trust, books: RuleBooks) -> Services:
    """What every call can reach."""
    policy = Policy(beside=ACCESS / "sandbox" / "permissions.txt" if settings.sandbox else None)
    telemetry = Telemetry(tracing_to(settings.otlp_endpoint, "tongjian-api", settings.trace_ratio))
    bell = Doorbell(settings.valkey_url)
    services = Services(door_of(settings, telemetry), policy, derived(settings, "cursors"), bell.ring)
    services.tags = Tags(derived(settings, "tags"))
    telemetry.registry.register(Pools(services.door))
    journal = LoginJournal(services.door, telemetry)
    tell_names(services, books.divisions)
    services.shelf |= {
        Settings: settings,
        Console: console_of(settings, services, derived(settings, "console forms")),
        Telemetry: telemetry,
        LoginJournal: journal,
        Limits: Limits(settings.limits, settings.valkey_url, settings.valkey_timeout_ms / 1000, telemetry),
        Doorbell: bell,
        Revocations: trust.revocations,
        health.Readiness: health.Readiness(services.door, trust.revocations),
        RevocationPoller: RevocationPoller(services.door, trust.revocations, clock.timestamp),
        TokenService: _token_service(settings, trust, services, journal),
        RuleBooks: books,
        RuleBookFollower: RuleBookFollower(services.door, books, every_tenant),
        Turn: Turn(),
        Divisions: books.divisions,
        ReuseDesk: ReuseDesk(look_for_reuse),
        SystemsDesk: SystemsDesk(count_systems),
        Asked: ANSWERED,
        **_for_files(settings),
        Beside: Beside(TARGET),
        SheetReader: SheetReader(),
        Workbooks: Workbooks(telemetry),
        Storage: storage_of(settings),
        OwnServers: own_servers(settings),
        forms.Forms: forms.Forms(lambda: API_ROUTES),
    }
    sessions = services.shelf[Sessions] = services.shelf[Console].sessions
    sign_in(services, settings, trust.keys, derived(settings, "single sign-on"), sessions)
    return services


def _for_files(settings: Settings) -> dict[type, Any]:
    """What reads, passes and draws files."""
    return {
        FileBench: FileBench(settings.file_readers),
        Viruses: Viruses(settings.clamd),
        Press: Press(settings.fonts, settings.drafts_dir),
    }


def _token_service(
    settings: Settings, trust: _Trust, services: Services, journal: LoginJournal
) -> TokenService:
    """Who gives out tokens, in the name and for the time that the settings say."""
    return TokenService(
        services.door,
        trust.keys,
        trust.revocations,
        trust.verifier,
        services.policy.roles,
        journal,
        issuer=settings.issuer,
        audience=settings.audience,
        ttl=settings.token_ttl_s,
        development=settings.environment == "development",
        clock=clock.timestamp,
    )
