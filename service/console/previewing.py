"""Two steps to a change of the rules: what it would do to open cases is seen first, then it is recorded.

One form, two buttons. What was seen is kept as the digest of what was asked, sealed for whoever saw it, beside the rule
book's version: what was changed after looking is shown again, what another changed the operation refuses (409).
A seal is made by looking alone, so that no form can say of itself that it was looked at; and `deeds.deed` does nothing
that is promised a look first.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple

import msgspec

from service.console.deeds import SEEN_FIRST
from service.console.pages import done
from service.console.visiting import KEY, VERSION, Visit, drawn_for
from service.kit.errors import ServiceError
from service.kit.formdata import body_of
from service.kit.handler import Rendered
from service.kit.paging import seal

STEP, SEEN, EXPECTED = "_step", "_seen", "_expected"
RECORD = "record"


class Seen(NamedTuple):
    """What a preview told: the effect, the version it was seen under, the sealed digest of what was asked."""

    effect: Mapping[str, Any]
    version: str
    digest: str
    again: bool  # it was asked to be recorded, but had been changed after it was looked at


class Change(NamedTuple):
    """A change of the rules as its operations know it. `parts`: what of the body the preview takes."""

    preview: str
    record: str
    parts: tuple[str, ...]
    expects: bool = True  # recording wants the version that the preview told
    at: bool = False  # the preview has the address of what is recorded


def promised(change: Change) -> Change:
    """The change, which from now on nothing records that was not seen first."""
    SEEN_FIRST.add(change.record)
    return change


def asked_of(visit: Visit) -> dict[str, Any]:
    """The form's pointers as the body they make."""
    found: dict[str, Any] = msgspec.json.decode(body_of(visit.form))
    return found


async def preview(
    visit: Visit, change: Change, body: Mapping[str, Any], path: Mapping[str, str] | None = None
) -> Seen | None:
    """What it would do; None where it is refused, which the page then tells."""
    asked = {name: body[name] for name in change.parts if name in body}
    raw = msgspec.json.encode(asked, order="sorted")
    at = dict(path or {})
    whose = f"seen {drawn_for(visit.visitor)} {change.record} {sorted(at.items())}" if visit.visitor else ""
    digest = seal(visit.services.cursor_secret, whose, [hashlib.sha256(raw).hexdigest()])
    try:
        told = msgspec.json.decode(
            (await visit.reply(change.preview, at if change.at else {}, body=raw)).body
        )
    except ServiceError as error:
        if error.code == "classified_material":
            raise
        visit.problem = error
        return None
    same = hmac.compare_digest(visit.field(SEEN).encode(), digest.encode())
    again = visit.field(STEP) == RECORD and not same
    return Seen(told.get("effect", told), told.get("rulebook_version", ""), digest, again)


async def changed(
    visit: Visit,
    change: Change,
    body: dict[str, Any],
    show: Callable[[Visit, Seen | None], Awaitable[Rendered]],
    *,
    then: Callable[[Any], str],
    path: Mapping[str, str] | None = None,
    preview_body: Mapping[str, Any] | None = None,
) -> Rendered:
    """Previews, or records what was seen.

    `path`: parts of the recording operation's address; `preview_body`: what is previewed, where it is not the body.
    """
    seen = await preview(visit, change, body if preview_body is None else preview_body, path)
    if seen is None or visit.field(STEP) != RECORD or seen.again:
        return await show(visit, seen)
    if change.expects:
        body = {**body, "expected_version": visit.field(EXPECTED)}
    try:
        reply = await visit.reply(
            change.record,
            path or {},
            body=msgspec.json.encode(body),
            key=visit.field(KEY) or None,
            if_match=(visit.field(VERSION) or None) if change.at else None,
        )
    except ServiceError as error:
        if error.code == "classified_material":
            raise
        visit.problem = error
        return await show(visit, None if error.code == "rulebook_changed" else seen)
    return done(then(msgspec.json.decode(reply.body)))
