"""Joins every feature's tables in one metadata, for migrations and the schema tests."""

from service.audit import models as audit
from service.filings import models as filings
from service.identity import models as identity
from service.kit import counters, idempotency, outbox
from service.kit.db import metadata
from service.monitoring import models as monitoring
from service.notifications import models as notifications
from service.projects import models as projects
from service.rulebook import models as rulebook
from service.webhooks import models as webhooks

__all__ = [
    "audit",
    "counters",
    "filings",
    "idempotency",
    "identity",
    "metadata",
    "monitoring",
    "notifications",
    "outbox",
    "projects",
    "rulebook",
    "webhooks",
]
