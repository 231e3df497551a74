"""Of what a process remembers only what a reader may see counts: as if there were nothing else."""

from __future__ import annotations

from service.similarity.comparing import Project, overlap, whole_tokens
from service.similarity.nearest import Nearest
from service.similarity.ranking import Document, Index

DOCUMENTS = [
    Document("a", "政务视频会议系统", "会议预约、多点会议、会议录播"),
    Document("b", "统一身份认证平台", "一次登录，单点登录，实名认证"),
    Document("c", "城市内涝监测预警系统", "积水监测，雨量监测，内涝预警"),
    Document("d", "视频监控共享平台", "视频接入、视频共享、视频巡查"),
    Document("e", "电子证照系统", "证照签发、证照共享、亮证"),
]


def test_documents_that_nobody_may_see_change_no_score() -> None:
    whole = Index(DOCUMENTS)
    for seen in ([0, 1, 3], [1, 2, 4], [0], []):
        alone = Index([DOCUMENTS[number] for number in seen])
        for query in ("视频会议", "统一认证", "内涝", "共享"):
            among = [(seen.index(each.number), *each[1:]) for each in whole.scored(query, set(seen))]
            assert among == [tuple(each) for each in alone.scored(query)]
    assert whole.scored("视频会议", {0, 1})[0].number == 0


def test_a_document_that_is_added_is_found() -> None:
    index = Index(DOCUMENTS[:2])
    assert [hit.id for hit in index.rank("内涝") if hit.firm] == []
    grown = Index(DOCUMENTS)
    assert next(hit.id for hit in grown.rank("内涝") if hit.firm) == "c"


def test_the_nearest_are_those_that_overlap_most() -> None:
    texts = [Project(each.name, each.text) for each in DOCUMENTS]
    near = Nearest()
    for each in texts:
        near.add(whole_tokens(each))
    wanted = whole_tokens(Project("视频会议平台", "会议预约和视频接入"))
    found = near.to(wanted, range(len(texts)), 3)
    by_overlap = {number: overlap(wanted, whole_tokens(each), 2.0) for number, each in enumerate(texts)}
    assert (
        found == sorted((n for n in by_overlap if by_overlap[n] > 0), key=lambda n: (-by_overlap[n], n))[:3]
    )
    assert found[0] == 0
    assert near.to(wanted, {1, 3}, 3)[0] == 3, "what may not be seen is not compared"
