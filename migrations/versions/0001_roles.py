"""The three logins; each owns nothing and cannot bypass row level security. Passwords are set by `migrate`."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

LOGINS = ("tj_tenant", "tj_province", "tj_relay")


def upgrade() -> None:
    for login in LOGINS:
        # Logins belong to the whole server: another database of it may have made them already.
        op.execute(f"""
            DO $$ BEGIN
              CREATE ROLE {login} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOINHERIT;
            EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
            END $$""")
        op.execute(f"GRANT USAGE ON SCHEMA public TO {login}")
    op.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
