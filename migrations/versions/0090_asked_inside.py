"""The policies that permit erasing what tells of the case of another tenant ask their own tenant (docs/decisions/0286).

Those of before stay beside them under a name of their own: the version before finds its rows by them. A later migration
takes them away; where tenants lie on several machines they are not laid out (migrations/spread.py). One table after the
other, each whole or not at all: all at once would hold every one of them until the last.
"""

from alembic import op

revision = "0090"
down_revision = "0089"
branch_labels = None
depends_on = None

_WORD = "EXISTS (SELECT FROM spill_words w WHERE w.tenant_id = {t}.tenant_id AND {0})"
_OWN = (
    "EXISTS (SELECT FROM spills z WHERE z.state = 'confirmed' AND z.tenant_id = {t}.tenant_id "
    "AND z.project_id = {t}.project_id)"
)
_CASE = "w.source = 'projects' AND w.spill_tenant = {{t}}.{0} AND w.word = {{t}}.{1}::text"
_APP = "w.source = 'apps' AND w.spill_tenant = {t}.provider_tenant AND w.word = {t}.app_id::text"
_PLANNED = "w.source = 'projects' AND strpos({t}.projects::text, w.word) > 0"
_REVIEWED = (
    "w.source = 'projects' AND EXISTS (SELECT FROM maintenance_plans p WHERE p.tenant_id = {t}.tenant_id "
    "AND p.id = {t}.plan_id AND strpos(p.projects::text, w.word) > 0)"
)


def _said(column: str) -> str:
    """Messages: which ids may stand in one is told by its kind, as the erasing looks (portfolio/erasure_finding.py)."""
    return (
        f"strpos({{t}}.{column}::text, w.word) > 0 AND (w.source = 'projects' "
        "OR (w.source = 'apps' AND {t}.kind ~ '^(app|adoption)[.]') "
        "OR (w.source = 'library_imports' AND {t}.kind LIKE 'library.import%') "
        "OR (w.source = 'maintenance_plans' AND {t}.kind LIKE 'maintenance.%')) AND {t}.kind NOT LIKE 'spill.%'"
    )


def _rule(found: str) -> str:
    return _WORD.replace("{0}", found)


# By table: the rule, what its new row must be (else the same), and whether the worker reads it only by this rule.
_RULES = {
    "inbox": (_rule(_said("snapshot")), _rule("w.spill_id::text = {t}.snapshot ->> 'purged'"), True),
    "event_feed": (_rule(_said("snapshot")), _rule("w.spill_id::text = {t}.snapshot ->> 'purged'"), True),
    "webhook_deliveries": (
        _rule(_said("payload")),
        _rule("w.spill_id::text = {t}.payload ->> 'purged'"),
        False,
    ),
    "app_entries": (_rule(_APP), "", False),
    "adoptions": (_rule(_APP), "", True),
    "maintenance_plans": (_rule(_PLANNED), "", True),
    "maintenance_plan_reviews": (_rule(_REVIEWED), "", True),
    "links": (f"{_OWN} OR {_rule(_CASE.format('child_tenant', 'child_id'))}", "", True),
    "link_invitations": (f"{_OWN} OR {_rule(_CASE.format('lead_tenant', 'lead_project'))}", "", True),
}


def upgrade() -> None:
    with op.get_context().autocommit_block():
        for table, (found, left, read) in _RULES.items():
            rule, check = found.format(t=table), (left or found).format(t=table)
            seen = f"{rule} OR {check}" if left else rule
            made = [f"ALTER POLICY tj_relay_update ON {table} RENAME TO tj_relay_before_update"]
            made.append(
                f"CREATE POLICY tj_relay_update ON {table} FOR UPDATE TO tj_relay USING ({rule}) WITH CHECK ({check})"
            )
            if read:
                made.append(f"ALTER POLICY tj_relay_select ON {table} RENAME TO tj_relay_before_select")
                made.append(f"CREATE POLICY tj_relay_select ON {table} FOR SELECT TO tj_relay USING ({seen})")
            op.execute(
                "DO $do$ BEGIN IF NOT EXISTS (SELECT FROM pg_policies WHERE schemaname = 'public' "
                f"AND tablename = '{table}' AND policyname = 'tj_relay_before_update') THEN\n  "
                + ";\n  ".join(made)
                + ";\nEND IF; END $do$"
            )
