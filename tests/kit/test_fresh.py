"""Tags of contents: alike for what is alike, in every process of a deployment and in no other."""

from __future__ import annotations

from service.kit.fresh import Tags, marked
from service.kit.idempotency import Reply

ONE, SAME, OTHER = Tags(b"secret"), Tags(b"secret"), Tags(b"another")
LONG = bytes(range(256)) * 200


def test_a_tag_is_of_the_whole_content_and_of_the_secret() -> None:
    assert ONE.of(LONG) == SAME.of(LONG) != OTHER.of(LONG)
    changed = {LONG[:place] + b"?" + LONG[place + 1 :] for place in range(0, len(LONG), 997)}
    others = {
        *changed,
        b"",
        b"\x00",
        LONG[1:],
        LONG[:-1],
        LONG + b"\x00",
        LONG[16:32] + LONG[:16] + LONG[32:],
    }
    assert len({ONE.of(each) for each in (LONG, *others)}) == 1 + len(others - {LONG})


def test_whoever_has_the_content_is_told_so() -> None:
    reply = Reply(200, {"content-type": "application/json", "link": "</next>"}, LONG)
    told = marked(reply, None, ONE)
    tag = told.headers["etag"]
    assert told == Reply(200, {**reply.headers, "etag": tag}, LONG)
    assert marked(reply, f'"x", {tag}', SAME) == Reply(304, {"link": "</next>", "etag": tag}, b"")
    assert marked(reply, tag, OTHER).status == 200
    assert marked(Reply(200, {}, LONG[1:]), tag, ONE).status == 200
