"""Words, comparison and search: what they promise on single texts."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from service.similarity.comparing import Project, overlap, phrases, similarity
from service.similarity.keys import MOST, keys
from service.similarity.ranking import Document, rank
from service.similarity.vocabulary import common, synonyms
from service.similarity.words import read

TEXTS = st.text(
    st.sampled_from("市县智慧停车诱导平台系统公文办公医保远程会诊一二期（），。 AIGIS５Ｇ\n"), max_size=60
)
PROJECTS = st.builds(Project, TEXTS, TEXTS, TEXTS, TEXTS)


def test_widths_case_and_synonyms_are_one() -> None:
    assert read("ＯＡ系统").tokens == read("oa系统").tokens
    for a, b in (("统一身份认证", "单点登录"), ("电子证照", "电子证件"), ("视频会议", "会议系统")):
        assert set(read(a).meanings) == set(read(b).meanings) != set()


def test_no_wording_stands_for_two_things() -> None:
    import yaml

    from service.similarity.vocabulary import SYNONYMS, folded

    groups = yaml.safe_load(SYNONYMS.read_text("utf-8"))["groups"]
    words = [folded(str(word)) for group in groups for word in group]
    assert len(words) == len(set(words)) and all(len(word) > 1 for word in words)
    assert len(synonyms().meaning) == len(words)


def test_generic_words_places_and_offices_weigh_little() -> None:
    for name in ("智慧综合管理服务平台建设项目", "南昌市信息系统", "市财政局数字化应用"):
        assert sum(read(name, True).tokens.values()) < sum(read("停车诱导", True).tokens.values()) / 2
    assert common()["平台"].text == 0
    assert not similarity(Project("智慧城管综合管理平台"), Project("智慧教育综合管理平台")).similar


def test_a_project_in_two_phases_is_one() -> None:
    first = Project("抚州市综合执法监督系统一期", "执法案件登记和文书制作")
    second = Project("抚州市综合执法监督系统二期", "执法监督和统计分析")
    found = similarity(first, second)
    assert found.similar and "综合执法监督" in found.phrases


def test_other_words_for_one_thing_are_named() -> None:
    found = similarity(Project("县级网上开会系统"), Project("视频会议平台"))
    assert found.similar and found.phrases == ("网上开会＝视频会议",)


def test_phrases_do_not_run_over_punctuation() -> None:
    assert phrases("采集地磁数据，发布空余车位", "汇总地磁数据，发布空余车位") == ("发布空余车位", "地磁")


@settings(max_examples=60, deadline=None)
@given(PROJECTS, PROJECTS)
def test_a_score_is_a_share_and_has_no_order(a: Project, b: Project) -> None:
    found = similarity(a, b)
    assert 0 <= found.score <= 1 and found.score == similarity(b, a).score


@settings(max_examples=60, deadline=None)
@given(PROJECTS)
def test_keys_are_few_and_fit_a_bigint(project: Project) -> None:
    made = keys(project)
    assert len(made) == len(set(made)) <= MOST
    assert all(0 <= key < 2**63 for key in made)


def test_nothing_is_like_nothing() -> None:
    assert overlap({}, {}) == 0
    assert similarity(Project(""), Project("")) == (0.0, ())


def test_search_ranks_by_what_is_rare_and_leaves_out_what_shares_nothing() -> None:
    apps = [
        Document("a", "协同办公系统", "公文收发和签批"),
        Document("b", "城市停车服务平台", "泊位信息发布"),
        Document("c", "统一支付平台", "在线缴费"),
    ]
    found = rank("县里想建一个找车位的系统", apps)
    assert found[0].id == "b" and found[0].phrases
    assert rank("xyz", apps) == []
    assert [hit.id for hit in rank("手机交学费", apps, limit=1)] == ["c"]


def test_the_same_boilerplate_under_two_names_is_not_the_same_project() -> None:
    said = ("建设业务系统，实现网上办理", "依托政务云建设，接入共享平台", "办理时限缩短一半")
    pairs = (
        ("户籍业务系统", "犬只登记系统"),
        ("植物检疫管理", "残疾人辅具适配"),
        ("桥牌赛事", "家蚕良种繁育"),
    )
    for one, other in pairs:
        assert not similarity(Project(one, *said), Project(other, *said)).similar


def test_a_wording_made_of_common_words_still_means_something() -> None:
    assert similarity(Project("城市更新"), Project("城市体检")).similar
    assert read("政协委员履职", True).text.startswith("政协委员")
