"""Joins every feature's tables in one metadata, for migrations and the schema tests."""

from service.audit import models as audit
from service.catalogue import models as catalogue
from service.delivery import models as delivery
from service.documents import models as documents
from service.filings import models as filings
from service.identity import models as identity
from service.kit import counters, held, idempotency, outbox
from service.kit.db import metadata
from service.library import models as library
from service.monitoring import models as monitoring
from service.notifications import models as notifications
from service.notifications import models_reminders as reminders
from service.obligations import models as obligations
from service.obligations import models_totals as totals
from service.obligations import models_watched as watched
from service.portfolio import models as portfolio
from service.portfolio import models_drafts as drafts
from service.projects import alike, snippets
from service.projects import models as projects
from service.projects import models_records as records
from service.projects import models_waiting as waiting
from service.reviews import models as reviews
from service.rulebook import models as rulebook
from service.signin import models as signin
from service.suspicions import models as suspicions
from service.webhooks import models as webhooks

__all__ = [
    "alike",
    "audit",
    "catalogue",
    "counters",
    "delivery",
    "documents",
    "drafts",
    "filings",
    "held",
    "idempotency",
    "identity",
    "library",
    "metadata",
    "monitoring",
    "notifications",
    "obligations",
    "outbox",
    "portfolio",
    "projects",
    "records",
    "reminders",
    "reviews",
    "rulebook",
    "signin",
    "snippets",
    "suspicions",
    "totals",
    "waiting",
    "watched",
    "webhooks",
]
