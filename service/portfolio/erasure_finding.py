"""How the rows of a spilled case are found: SQL conditions of the erasing, and of the policies that permit it.

`{t}` is the table, `z` a confirmed spill; migrations 0015, 0017 and 0043 hold the same conditions as policies. A row of
one tenant may tell of a case of another: `resolved` says the same of ids that were looked up before, so that no
statement reads two tenants (docs/decisions/0278).
"""

from __future__ import annotations

CASE = "z.tenant_id = {t}.tenant_id AND z.project_id = {t}.project_id"
SELF = "z.tenant_id = {t}.tenant_id AND z.project_id = {t}.id"
LED = "z.tenant_id = {t}.lead_tenant AND z.project_id = {t}.lead_project"
CHILD = "z.tenant_id = {t}.child_tenant AND z.project_id = {t}.child_id"
SOURCE = "z.tenant_id = {t}.tenant_id AND z.project_id = {t}.source_project"


def _cites(entry: str) -> str:
    """The case stands on an entry of before the system (art. 8), or some text of it cites the entry."""
    texts = (
        ("projects", "id", "concat(p.dated, p.declared)"),
        ("project_drafts", "project_id", "p.content::text"),
        ("project_versions", "project_id", "p.content::text"),
    )
    found = (
        f"EXISTS (SELECT FROM {name} p WHERE p.tenant_id = z.tenant_id AND p.{key} = z.project_id "
        f"AND strpos({words}, {entry}::text) > 0)"
        for name, key, words in texts
    )
    return f"({' OR '.join(found)})"


IMPORTED = f"z.tenant_id = {{t}}.tenant_id AND {_cites('{t}.id')}"


def under(parent: str, column: str) -> str:
    return (
        f"EXISTS (SELECT FROM {parent} p WHERE p.tenant_id = {{t}}.tenant_id AND p.id = {{t}}.{column} "
        "AND p.tenant_id = z.tenant_id AND p.project_id = z.project_id)"
    )


def of_app(tenant: str) -> str:
    """Copies and uses of an app that was drafted from the case."""
    return (
        f"EXISTS (SELECT FROM apps p WHERE p.tenant_id = {{t}}.{tenant} AND p.id = {{t}}.app_id "
        "AND p.tenant_id = z.tenant_id AND p.source_project = z.project_id)"
    )


def _of_case(parent: str, of_case: str) -> str:
    return f"FROM {parent} e WHERE e.tenant_id = z.tenant_id AND {of_case}"


def _told_by(parent: str, of_case: str, told: str) -> str:
    """`told` names a row of the case that stands for it where messages and addresses tell no more."""
    return f"EXISTS (SELECT {_of_case(parent, of_case)} AND strpos({told}, e.id::text) > 0)"


_APP = ("apps", "e.source_project = z.project_id")
_PLAN = ("maintenance_plans", "strpos(e.projects::text, z.project_id::text) > 0")
_FILING = ("filings", "e.project_id = z.project_id")
_IMPORT = ("library_imports", _cites("e.id"))
TOLD_BY = (_APP, _PLAN, _FILING, _IMPORT)


def found_before(parent: str, of_case: str) -> str:
    """The ids of those rows, as texts; with `z`."""
    return f"SELECT e.id::text AS id {_of_case(parent, of_case)}"


def resolved(where: str) -> str:
    """The same condition by ids found before: a parameter for each table, by its name."""
    for tenant in ("provider_tenant", "tenant_id"):
        known = f"({{t}}.{tenant} = z.tenant_id AND {{t}}.app_id::text = ANY(:apps))"
        where = where.replace(of_app(tenant), known)
    for parent, of_case in TOLD_BY:
        known = f"FROM unnest(CAST(:{parent} AS text[])) e (id) WHERE true"
        where = where.replace(_of_case(parent, of_case), known)
    return where


def says(column: str) -> str:
    """Messages of any tenant that name the case, its app or its plan; what is told of the spill itself stays.

    The kind is asked first: every message there is passes through here.
    """
    told = f"{{t}}.{column}::text"
    return (
        f"(strpos({told}, z.project_id::text) > 0 "
        f"OR ({{t}}.kind ~ '^(app|adoption)[.]' AND {_told_by(*_APP, told)}) "
        f"OR ({{t}}.kind LIKE 'library.import%' AND {_told_by(*_IMPORT, told)}) "
        f"OR ({{t}}.kind LIKE 'maintenance.%' AND {_told_by(*_PLAN, told)})) AND {{t}}.kind NOT LIKE 'spill.%'"
    )


# Stored replies are bytes of UTF-8, and `escape` keeps every id in them as it is. An answer to a query names its filing
# in the address only, an adoption the app.
_REPLY = "({t}.route || encode({t}.body, 'escape'))"
REPLIED = (
    f"(strpos({_REPLY}, z.project_id::text) > 0 "
    f"OR ({{t}}.route LIKE '%/filings/%' AND {_told_by(*_FILING, _REPLY)}) "
    f"OR ({{t}}.route LIKE '%/library-imports%' AND {_told_by(*_IMPORT, _REPLY)}) "
    f"OR ({{t}}.route ~ '/(apps|adoptions|provisions)' AND {_told_by(*_APP, _REPLY)})) "
    "AND strpos({t}.route, '/api/v1/spills') = 0"
)
# A plan names many projects: of this one the id stays, the name goes.
RENAMED = (
    "(SELECT jsonb_agg(CASE WHEN strpos(x.one::text, z.project_id::text) > 0 "
    "THEN x.one || jsonb_build_object('name', '（已清除）') ELSE x.one END ORDER BY x.n) "
    "FROM jsonb_array_elements(maintenance_plans.projects) WITH ORDINALITY x (one, n))"
)
GROUPED = (
    "EXISTS (SELECT FROM suspicion_members p WHERE p.tenant_id = {t}.tenant_id AND p.suspicion_id = {t}.id "
    "AND p.tenant_id = z.tenant_id AND p.project_id = z.project_id)"
)


def slimmed(column: str, *kept: str) -> str:
    """An object that goes on to be read by its keys: these stay, every other says that it was erased."""
    keys = ", ".join(f"'{key}'" for key in kept)
    return (
        f"(SELECT jsonb_object_agg(x.key, CASE WHEN x.key IN ({keys}) THEN x.value "
        f"ELSE to_jsonb('（已清除）'::text) END) FROM jsonb_each({column}) x)"
    )
