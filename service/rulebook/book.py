"""The rule book in force, as the running service holds it."""

from __future__ import annotations

from dataclasses import dataclass

from service.measures.offices import Divisions
from service.measures.parameters import RuleBook


@dataclass(frozen=True)
class RuleBooks:
    """On the shelf of `Services`: the recorded rule book and the registry of divisions."""

    book: RuleBook
    divisions: Divisions

    def of(self, tenant: str | None) -> RuleBook:
        """The book a tenant's cases are decided by; the province's own for None."""
        del tenant
        return self.book
