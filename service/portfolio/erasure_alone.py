"""What of the plan concerns a spill of one file alone, and how its rows are told from the rest of the case's."""

from __future__ import annotations

from service.portfolio.erasure_plan import Rule

# A spill of one file alone takes, of these rows, those that name it or its digest (`d`: the file).
_ALONE_NOT = (
    "projects",
    "project_drafts",
    "project_versions",
    "similarity_keys",
    "case_snippets",
    "spills",
    "maintenance_plans",
    "maintenance_plan_reviews",
    "apps",
    "app_entries",
    "adoptions",
    "provisions",
    "papers",
)


def of_file(name: str, rule: Rule) -> str | None:
    """What more a row must say when only one file is to go; None: the table has no part in it."""
    if name in _ALONE_NOT:
        return None
    if name == "documents":
        return "documents.id = d.id"
    if name == "idempotency":
        return "position(convert_to(d.id::text, 'UTF8') IN idempotency.body) > 0"
    words = rule.erase or (("snapshot",) if rule.delete else ())
    told = " || ".join(f"coalesce({name}.{column}::text, '')" for column in words)
    return f"strpos({told}, d.digest) > 0 OR strpos({told}, d.id::text) > 0" if told else None
