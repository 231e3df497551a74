"""What an office holds that would belong to nobody when it ends: cases, duties, apps, adoptions, feeds and the rest.

Tables of higher floors are named, not imported, as in desks.py. Administrators see no cases: they are told how many
there are, and their ids, never a name or an amount.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import text

from service.kit.db import Tx
from service.kit.statements import Statement
from service.measures.lifecycle import INITIAL, TERMINAL, values

MOST_IDS = 100  # of each kind that are listed; the count is of all


class Kind(NamedTuple):
    """Rows of one table that an office holds. `binds`: without a successor they would be nobody's, so it cannot end."""

    name: str
    table: str
    where: str
    binds: bool = True


_ENDED, _DRAFTS = (", ".join(f"'{state}'" for state in values(states)) for states in (TERMINAL, INITIAL))
_OFFICE = "CAST(:office AS uuid)"
_ITS = f"office_id = {_OFFICE}"
_UNSIGNED = (
    "NOT EXISTS (SELECT FROM framework_signatures s WHERE s.tenant_id = t.tenant_id AND s.framework_id = t.id "
    f"AND s.edition = t.edition AND s.party = {_OFFICE}::text)"
)
LIVE_ADOPTION = "state IN ('requested', 'confirmed', 'active', 'suspended')"
UNSIGNED = f"{_OFFICE}::text = ANY (parties) AND {_UNSIGNED}"
KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("case", "projects", f"{_ITS} AND state NOT IN ({_DRAFTS}, {_ENDED})"),
        Kind("draft", "projects", f"{_ITS} AND state IN ({_DRAFTS})"),
        Kind("ended_case", "projects", f"{_ITS} AND state IN ({_ENDED})", binds=False),
        Kind("duty", "obligations", f"{_ITS} AND state IN ('open', 'lapsed')"),
        Kind("feed", "obligation_feeds", _ITS),
        Kind("app", "apps", f"{_ITS} AND status <> 'retired'"),
        Kind("adoption", "adoptions", f"{_ITS} AND {LIVE_ADOPTION}"),
        Kind("system", "systems", f"{_ITS} AND status = 'running'"),
        Kind("framework", "frameworks", UNSIGNED),
        Kind(
            "appraisal", "appraisals",
            f"agency_office_id = {_OFFICE} AND by_tenant = :tenant AND status IN ('commissioned', 'drawn', 'scored')",
        ),
        Kind("expert", "experts", f"employer_office_id = {_OFFICE}", binds=False),
        Kind("message", "inbox", f"{_ITS} AND read_at IS NULL", binds=False),
    )
}  # fmt: skip


def _of(kind: Kind) -> str:
    return (
        f"(SELECT '{kind.name}' AS kind, count(*) AS count, "
        f"(array_agg(t.id::text ORDER BY t.id))[1:{MOST_IDS}] AS ids "
        f"FROM {kind.table} t WHERE t.tenant_id = :tenant AND {kind.where})"
    )


_HELD = Statement(text(" UNION ALL ".join(map(_of, KINDS.values()))))
# A province's agency appraises cases of other tenants too; read as the province's login.
COMMISSIONED = Statement(
    text(
        "SELECT a.tenant_id, a.id::text AS id FROM appraisals a WHERE a.agency_office_id = CAST(:office AS uuid) "
        "AND a.by_tenant = :tenant AND a.tenant_id <> :tenant "
        "AND a.status IN ('commissioned', 'drawn', 'scored') ORDER BY a.id LIMIT 1000"
    )
)
# Apps that both offices use: an office asks for an app once at a time.
USED_TWICE = Statement(
    text(
        f"SELECT a.id::text AS id, a.app_name AS name FROM adoptions a WHERE a.tenant_id = :tenant "
        f"AND a.{_ITS} AND a.{LIVE_ADOPTION} AND EXISTS (SELECT FROM adoptions b WHERE b.tenant_id = :tenant "
        f"AND b.office_id = CAST(:successor AS uuid) AND b.{LIVE_ADOPTION} "
        "AND b.provider_tenant = a.provider_tenant AND b.app_id = a.app_id) ORDER BY a.id"
    )
)


class Held(NamedTuple):
    """How many rows of a kind, and the first ids."""

    kind: str
    number: int
    ids: tuple[str, ...]

    @property
    def binds(self) -> bool:
        return KINDS[self.kind].binds


async def held_by(tx: Tx, tenant: str, office: str) -> list[Held]:
    """What the office holds now, kind by kind; kinds of which it holds nothing are left out."""
    rows = await tx.fetch(_HELD, tenant=tenant, office=office)
    return [Held(row["kind"], row["count"], tuple(row["ids"] or ())) for row in rows if row["count"]]
