"""The kinds of events (service/vocabulary/events.py has the words that head their messages).

An event's snapshot names its subject as `project` or `subject` ({"name", "owner_name"}); `message` is the sentence
that follows the heading, `steps` {role: sentence} what each desk is expected to do.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Annotated

from msgspec import Meta

from service.vocabulary import names

KINDS: Mapping[str, str] = names("event_kind")
# What the service tells of its own delivering, and who stands for whom: never out by webhook.
OPERATIONS: Mapping[str, str] = {
    kind: KINDS[kind]
    for kind in (
        "webhook.disabled",
        "webhook.dead_letter",
        "relay.dead_letter",
        "deputy.named",
        "deputy.ended",
    )
}
# The test of an endpoint: sent to it alone, once, by whoever asks; it follows from nothing and stands in no feed.
PING = "webhook.ping"
# What tells of a case, and so of what it owes.
_OF_CASES = (
    "project",
    "filing",
    "need",
    "round",
    "library",
    "plan",
    "framework",
    "link",
    "expert",
    "review",
    "delivery",
    "acceptance",
    "evaluation",
    "maintenance",
    "order",
    "portfolio",
    "spill",
)
ABOUT_CASES = tuple(kind for kind in KINDS if kind.partition(".")[0] in _OF_CASES)
# A kind on the wire: one of the vocabulary.
EventKind = Annotated[
    str,
    Meta(
        pattern="^(" + "|".join(kind.replace(".", r"\.") for kind in KINDS) + r")$(?!\n)",
        extra_json_schema={"enum": list(KINDS)},
    ),
]
# What may be subscribed to: a kind, a family with all that may yet come to it (`project.*`), everything (`*`).
SUBSCRIPTIONS: Mapping[str, str] = names("event_subscription")
Subscription = Annotated[
    str,
    Meta(
        pattern="^(" + "|".join(map(re.escape, SUBSCRIPTIONS)) + r")$(?!\n)",
        extra_json_schema={"enum": list(SUBSCRIPTIONS)},
    ),
]


def listens(subscribed: Collection[str], kind: str) -> bool:
    """Whether an event of the kind is among what is subscribed to; nothing named is everything."""
    return not subscribed or not {kind, "*", f"{kind.partition('.')[0]}.*"}.isdisjoint(subscribed)


def expanded(subscribed: Collection[str]) -> list[str]:
    """The kinds that are meant, families spelt out; empty for everything."""
    if "*" in subscribed:
        return []
    return [kind for kind in KINDS if listens(subscribed, kind)] if subscribed else []
