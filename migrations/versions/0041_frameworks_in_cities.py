"""Frameworks of a city's jointly built projects (arts 5, 12): led by the city's information centre where the city
approves, by the province's where the province reviews.

Who may write one: the tier that leads it, while its desk holds the case. The province reads whatever belongs to a case
that it may see; the offices of the tenant sign for themselves, as before.
"""

from alembic import op

from migrations import tools
from migrations.tools import WHOLE

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

_CASE = "EXISTS (SELECT FROM projects p WHERE p.tenant_id = frameworks.tenant_id AND p.id = frameworks.project_id{0})"
_HELD = {tier: _CASE.format(f" AND p.holder = '{tier}'") for tier in ("city", "province")}
_COLUMNS = "goals, content, parties, party_names, edition, updated_at, version, led_by"
# The framework of a signature, as its reader may see it.
_OF = (
    "EXISTS (SELECT FROM frameworks f WHERE f.tenant_id = framework_signatures.tenant_id "
    "AND f.id = framework_signatures.framework_id{0})"
)
_CENTRE = "party = 'info_centre'"


def _frameworks() -> None:
    op.execute("ALTER TABLE frameworks ADD COLUMN led_by TEXT NOT NULL DEFAULT 'province'")
    op.execute(
        "ALTER TABLE frameworks ADD CONSTRAINT ck_frameworks_led_by CHECK (led_by IN ('province', 'city'))"
    )
    op.execute("GRANT INSERT ON frameworks TO tj_tenant")
    op.execute(f"GRANT UPDATE ({_COLUMNS}) ON frameworks TO tj_tenant, tj_province")
    city = f"{WHOLE} AND {_HELD['city']}"
    tools.policy("tj_tenant", "frameworks", "INSERT", check=f"{city} AND led_by = 'city'")
    tools.policy("tj_tenant", "frameworks", "UPDATE", city, f"{city} AND led_by = 'city'")
    led = f"{_HELD['province']} AND led_by = 'province'"
    op.execute(f"ALTER POLICY tj_province_select ON frameworks USING ({_CASE.format('')})")
    op.execute(f"ALTER POLICY tj_province_insert ON frameworks WITH CHECK ({led})")
    op.execute(
        f"ALTER POLICY tj_province_update ON frameworks USING ({_HELD['province']}) WITH CHECK ({led})"
    )


def _signatures() -> None:
    city = f"{WHOLE} AND {_CENTRE} AND by_tenant = tenant_id AND " + _OF.format(" AND f.led_by = 'city'")
    op.execute(
        f"CREATE POLICY tj_tenant_centre ON framework_signatures FOR INSERT TO tj_tenant WITH CHECK ({city})"
    )
    op.execute(f"ALTER POLICY tj_province_select ON framework_signatures USING ({_OF.format('')})")
    led = f"{tools.acting('by_tenant')} AND {_CENTRE} AND " + _OF.format(" AND f.led_by = 'province'")
    op.execute(f"ALTER POLICY tj_province_insert ON framework_signatures WITH CHECK ({led})")


def upgrade() -> None:
    _frameworks()
    _signatures()
