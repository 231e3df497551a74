"""Where a case's words stand, table by table: what is erased, what is kept, and how its rows are found (art. 14).

Every text, JSON, list and bytes column of every table concerned is named here, as `erase` or `keep`: what is kept are
ids, codes, digests, days and who acted. Tables without a case's words are named in erasure_untouched.py. A test
compares both with the models, and the plan with what the database permits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from service.portfolio.erasure_finding import (
    CASE,
    CHILD,
    GROUPED,
    IMPORTED,
    LED,
    RENAMED,
    REPLIED,
    SELF,
    SOURCE,
    of_app,
    says,
    slimmed,
    under,
)


class Rule(NamedTuple):
    """What happens to the rows of one table that `where` finds."""

    where: str
    erase: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    delete: bool = False
    also: Mapping[
        str, str
    ] = {}  # other columns that change with it: column → SQL; or another way to erase one
    across: bool = False  # rows of every tenant, not of the case's alone


_BY = ("by", "by_tenant")
_RECEIPT = ("project_id", "owner_name", "tenant", "filed_with", "filed_at", "articles", "digest")
_D, _MESSAGE = "webhook_deliveries", ("kind", "role", "read_by", "object_kind", "object_id", "asked")
RULES: Mapping[str, tuple[Rule, ...]] = {
    "projects": (
        Rule(
            SELF,
            ("external_ref", "name", "declared", "decision", "dated", "project_codes"),
            ("owner_name", "tier", "division", "office_kind", "state", "holder", "route", "project_class", "kind",
             "month", "created_by", "filing_number", "origin", "hands", "client", "agencies"),
            also={"project_codes": "'{}'::text[]", "external_ref": "NULL", "declared": "NULL", "decision": "NULL",
                  "state": "", "holder": "", "updated_at": "", "version": "",
                  "snipped_as": "NULL"},  # its snippets go: until the worker has made those of what stays it is behind
        ),
    ),
    "project_drafts": (Rule(CASE, ("content",), ("client",)),),
    "project_versions": (Rule(CASE, ("content", "decision"), ("digest", "submitted_by")),),
    "transitions": (
        Rule(
            CASE, ("reason", "details"),
            ("action", "from_state", "to_state", "actor", "actor_tenant", "client", "citation"),
        ),
    ),
    "project_findings": (Rule(CASE, ("reason", "opinion"), ("code", "severity", "opinion_by")),),
    "project_records": (Rule(CASE, ("content",), ("kind", *_BY)),),
    "approvals": (
        Rule(
            CASE, ("document_number", "organ"), ("document_digest", "approved_by", "by_tenant", "procedures"),
        ),
    ),
    "filings": (
        Rule(
            CASE, ("project_name", "receipt"), ("number", "owner_name", "filed_by"),
            also={"receipt": slimmed("filings.receipt", "filing_number", "tenant_name", "approved_amount_yuan",
                                     "document_date", "document_digest", *_RECEIPT)},
        ),
    ),
    "filing_queries": (
        Rule(
            under("filings", "filing_id"), ("question", "answer"),
            ("asked_by", "asked_by_tenant", "answered_by"),
        ),
    ),
    "acceptance_filings": (
        Rule(
            CASE, ("project_name", "receipt"), ("number", "owner_name", "filed_by"),
            also={"receipt": slimmed("acceptance_filings.receipt", "number", "accepted_on", *_RECEIPT)},
        ),
    ),
    "papers": (Rule(CASE, ("content",), ("kind", "number", "organ", "code_digest", "digest"),
                    also={"content": "NULL", "withdrawn_at": "coalesce(papers.withdrawn_at, :now)"}),),
    "documents": (
        Rule(
            CASE, ("name", "signers"),
            ("slot", "media_type", "digest", "checked", "notes", "uploaded_by", "by_tenant", "removed_by"),
            also={"removed_at": ""},
        ),
    ),
    "appraisals": (
        Rule(
            CASE, ("task", "report"),
            ("by_tenant", "stage", "status", "substance", "agency_name", "fields", "commissioned_by", "seed",
             "eligible", "verdict", "concluded_by"),
            also={"report": slimmed("appraisals.report", "digest", "averages")},
        ),
    ),
    "appraisal_experts": (
        Rule(
            CASE, ("reason", "recusal_reason"),
            ("by_tenant", "name", "title", "employer_name", "chosen", "assigned_by", "recused_by"),
        ),
    ),
    "appraisal_scores": (
        Rule(
            under("appraisals", "appraisal_id"), ("scores", "opinion"),
            ("by_tenant", "recommendation", "digest"),
        ),
    ),
    "joint_reviews": (
        Rule(
            CASE, ("task", "plan", "summary", "reason"),
            ("by_tenant", "status", "slots", "opened_by", "closed_by"),
        ),
    ),
    "joint_review_opinions": (
        Rule(
            under("joint_reviews", "review_id"), ("text", "plan"),
            ("slot", "by_tenant", "opinion", "given_by"),
        ),
    ),
    "rectification_orders": (
        Rule(
            CASE, ("project_name", "text", "answer", "evidence", "finding"),
            ("owner_name", "organ", "area", "state", "issued_by", "by_tenant"),
        ),
    ),
    "maintenance_proposals": (
        Rule(
            CASE, ("project_name", "workload", "watch", "findings", "opinions", "note"),
            ("owner_name", "organ", "proposed_by", "by_tenant", "decided_by"),
        ),
    ),
    # A plan is about many systems: where it names the case, its words go with it.
    "maintenance_plans": (
        Rule(
            "strpos({t}.projects::text, z.project_id::text) > 0", ("projects", "name", "content", "papers"),
            ("compiled_by",), also={"projects": RENAMED}, across=True,
        ),
    ),
    "maintenance_plan_reviews": (
        Rule(
            "EXISTS (SELECT FROM maintenance_plans p WHERE p.tenant_id = {t}.tenant_id AND p.id = {t}.plan_id "
            "AND strpos(p.projects::text, z.project_id::text) > 0)", ("opinion",), ("slot", "by"), across=True,
        ),
    ),
    "obligations": (
        # Why it rests is a code, with days: the running totals are worked out by them (obligations/counted_as.py).
        Rule(CASE, (), ("code", "key", "state", "basis", "severity", "duty_tier", "duty_roles", "desk", "route",
                        "amended_by", "pauses")),
    ),
    "obligation_cases": (Rule(CASE, (), ("counted_for", "watched")),),
    "similarity_keys": (Rule(CASE, delete=True),),
    "case_snippets": (Rule(CASE, delete=True),),
    "suspicions": (
        Rule(
            CASE, ("project_name", "phrases", "reason"),
            ("kind", "owner_name", "month", "state", "decided_by", "decided_tenant"),
        ),
        Rule(GROUPED, ("phrases", "reason")),
    ),
    "suspicion_members": (Rule(CASE, ("name",), ("owner_name",)),),
    "systems": (Rule(CASE, ("name", "purpose"), ("network", "status", "recorded_by")),),
    "library_entries": (
        Rule(
            CASE, ("project_name", "plan_item", "note", "removal_reason"),
            ("owner_name", "division", "project_class", "kind", "priority", *_BY),
        ),
    ),
    "frameworks": (
        Rule(CASE, ("project_name", "goals", "content"), ("parties", "party_names", "opened_by", "led_by")),
    ),
    # An entry of before is the organs' text until a case stands on it: then it tells of that case.
    "library_imports": (
        Rule(
            IMPORTED, ("project_name", "document", "note", "reason"),
            ("owner_name", "state", "proposed_by", "decided_by", "by_tenant"),
            also={"document": slimmed("library_imports.document", "date")},
        ),
    ),
    "framework_signatures": (
        Rule(under("frameworks", "framework_id"), (), ("party", "signed_by", "by_tenant")),
    ),
    "links": (
        Rule(CASE, ("task", "summary"), ("child_tenant", "state", "invited_by")),
        Rule(CHILD, ("summary",), across=True),
    ),
    "link_standards": (Rule(CASE, ("text", "document_number"), ("by",)),),
    "link_invitations": (
        Rule(CASE, ("reason", "summary"), ("lead_tenant", "lead_owner", "lead_desks", "state", "answered_by")),
        Rule(LED, ("lead_name", "task", "standards", "reason"), across=True),
    ),
    "spills": (
        Rule(
            CASE, (),
            ("reason", "state", "requested_by", "requested_tenant", "confirmed_by", "confirmed_tenant"),
        ),
    ),
    # Apps drafted from the case (art. 31), their copies in every tenant, and who uses them.
    "apps": (
        Rule(
            SOURCE, ("name", "content"), ("status", "reach", "offices", "successor", "created_by"),
            also={"content": "'{}'::jsonb"},
        ),
    ),
    "app_entries": (
        Rule(
            of_app("provider_tenant"), ("provider_name", "name", "content"),
            ("provider_tenant", "provider_tier", "provider_tenant_name", "category", "status", "reach", "offices",
             "successor"),
            also={"content": "'{}'::jsonb"}, across=True,
        ),
    ),
    "adoptions": (Rule(of_app("provider_tenant"), ("app_name",), across=True),),
    "provisions": (Rule(of_app("tenant_id"), ("app_name",)),),
    # What was told of it, to whomever.
    "inbox": (Rule(says("snapshot"), ("title", "body", "snapshot"), _MESSAGE, across=True),),
    "event_feed": (Rule(says("snapshot"), ("snapshot",), ("source_tenant", "kind"), across=True),),
    "webhook_deliveries": (
        Rule(
            says("payload"), ("payload",), ("kind", "state", "last_error"), across=True,
            also={
                "state": f"CASE WHEN {_D}.state = 'pending' THEN 'dead' ELSE {_D}.state END",
                "next_attempt_at": "NULL",
            },
        ),
    ),
    "outbox": (Rule(says("snapshot"), delete=True, across=True),),
    # The keys of stored replies become free again.
    "idempotency": (
        Rule(REPLIED, delete=True, across=True),
    ),
}  # fmt: skip


def columns(name: str) -> list[str]:
    """Every column of a table that the erasing writes."""
    return sorted({column for rule in RULES[name] for column in (*rule.erase, *rule.also)})


def grants() -> Iterator[dict[str, Any]]:
    """What migration 0015 lets the worker do, table by table, under the same conditions."""
    for name, rules in RULES.items():
        if not (columns(name) or any(rule.delete for rule in rules)):
            continue
        wheres = [rule.where.format(t=name) for rule in rules]
        yield {
            "table": name,
            "where": " OR ".join(f"({where})" for where in wheres) if len(wheres) > 1 else wheres[0],
            "update": columns(name),
            "delete": any(rule.delete for rule in rules),
            # What names the case only in the words that go is not found again: the new row must be a tombstone.
            "tombstone": next(
                (
                    rule.erase[-1]
                    for rule in rules
                    if rule.erase and "strpos({t}." + rule.erase[-1] in rule.where
                ),
                "",
            ),
        }
