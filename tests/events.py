"""Events as a world's deeds left them, against the document."""

from __future__ import annotations

import json

import asyncpg

from service.event_kinds import OPERATIONS
from service.vocabulary import VOCABULARIES
from tests.contract.spelling import undocumented_event

_EACH_FORM = """SELECT DISTINCT ON (kind, told) kind, snapshot::text AS snapshot,
(SELECT string_agg(name, ' ' ORDER BY name) FROM jsonb_object_keys(snapshot) AS name) AS told FROM outbox"""


async def events_are_documented(owner_url: str) -> None:
    """What a world's deeds left for feeds, webhooks and inboxes is as the document says, a row of each form."""
    owner = await asyncpg.connect(owner_url)
    try:
        rows = await owner.fetch(_EACH_FORM)
    finally:
        await owner.close()
    faults = {
        f"{row['kind']}: {fault}"
        for row in rows
        if row["kind"] in VOCABULARIES["event_kind"].names and row["kind"] not in OPERATIONS
        for fault in undocumented_event(row["kind"], json.loads(row["snapshot"]))
    }
    assert not faults, faults
