"""Catalogue: tables, grants, policies.

A reader meets copies in its own tenant only; an app for named offices is hidden from the tenant's other offices by
the policy itself. Adoptions are cases of the adopter's office; provisions are the provider's.
"""

from migrations import tools
from migrations.tools import MINE, TENANT, WHOLE

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

APPS = ("apps", "app_entries", "app_uses")
ADOPTIONS = ("adoptions", "adoption_steps", "adoption_usage", "provisions", "provision_usage")
SEEN = (
    f"{TENANT} AND (reach <> 'offices' OR split_part(current_setting('app.scope', true), '/', 2) = '*' "
    "OR split_part(current_setting('app.scope', true), '/', 2) = ANY(offices))"
)
WORKING = "name, status, reach, offices, content, successor, edition, updated_at, published_at, version"
COPIED = (
    "provider_tenant_name, provider_name, name, category, status, reach, offices, security_level, cost_fen, "
    "content, successor, edition, revision, updated_at"
)


def _apps() -> None:
    tools.allow("tj_tenant", "apps", "SI", MINE, columns=WORKING)
    tools.allow("tj_tenant", "apps", "D", f"{MINE} AND status = 'draft'")
    tools.allow("tj_tenant", "app_entries", "S", SEEN)
    tools.allow("tj_tenant", "app_entries", "I", WHOLE, columns=COPIED)
    tools.allow("tj_tenant", "app_uses", "S", TENANT)
    tools.allow("tj_tenant", "app_uses", "I", WHOLE, columns="offices, seq")
    # The worker sees what is missing where, for tenants that join later; it writes in each reader's scope.
    tools.allow("tj_relay", "app_entries", "S", "true")
    tools.allow("tj_relay", "app_uses", "S", "true")


PROVINCE_WIDE = "reach = 'province'"
ADOPTION = (
    "reach, state, holder, reason, confirmed_at, activated_at, ended_at, score, feedback, feedback_at, seq, "
    "updated_at, version"
)
PROVISION = (
    "reach, state, reason, adoption_version, confirmed_at, activated_at, ended_at, score, feedback, feedback_version, "
    "updated_at, version"
)


def _adoptions() -> None:
    tools.allow("tj_tenant", "adoptions", "SI", MINE, columns=ADOPTION)
    tools.allow("tj_tenant", "adoption_steps", "SI", MINE, columns="reach")
    tools.allow(
        "tj_tenant", "adoption_usage", "SI", MINE, columns="reach, active_users, calls, revision, reported_at"
    )
    for table in ("adoptions", "adoption_steps", "adoption_usage"):
        tools.allow("tj_province", table, "S", PROVINCE_WIDE)
    # The provider's side is for the tenant's desks: nobody bound to one office meets other tenants' requests.
    tools.allow("tj_tenant", "provisions", "SI", WHOLE, columns=PROVISION)
    tools.allow(
        "tj_tenant", "provision_usage", "SI", WHOLE,
        columns="active_users, calls, revision, reported_by, reported_at",
    )  # fmt: skip


def upgrade() -> None:
    tools.run_sql("0005_catalogue.sql")
    tools.isolate(*APPS, *ADOPTIONS)
    _apps()
    _adoptions()
