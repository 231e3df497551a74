"""What an erasing looks for in a tenant, written there before it begins (docs/decisions/0286).

The worker writes it under the login of the tenants, each tenant's in that tenant's scope, and under its own login finds
by it what of that tenant's rows tells of the case of another. It goes with the last pass.
"""

from migrations import tools

revision = "0089"
down_revision = "0088"
branch_labels = None
depends_on = None


def upgrade() -> None:
    tools.run_sql("0089_spill_words.sql")
    tools.isolate("spill_words")
    tools.estimate_alike("spill_words")
    tools.allow("tj_tenant", "spill_words", "I", tools.WHOLE)
    tools.allow("tj_relay", "spill_words", "SD", "true")
