"""Cleaning and keys as properties: whatever is typed, what is kept is clean, and look-alikes have one key."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from service.characters.cleaning import PILE, Unclean, cleaned, is_clean
from service.characters.keys import FOLDS, folded, holds, key, words

UNSEEN = (
    "\u200b\u200c\u200d\u2060\ufeff\u00ad\u180e\u2063\u115f\u3164\ufe01\U000e0041\U000e0100\u200e\u200f\u061c"
)
TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
CONTROLS = "".join(
    chr(code) for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\t\n\r\x0b\x0c\x85"
)
BREAKS = ("\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029")
# Person names, offices, numbers: what has to pass as it is.
PLAIN = (
    "买买提·吐尔逊",
    "阿依古丽•买买提",
    "𠮷田",
    "㐂",
    "𬱖",
    "𮧵",
    "𰻝",
    "𲎯",
    "王㛃",
    "欧阳䶮",
    "南昌市政府（办公室）",
    "〔2026〕12号",
    "No.1　甲",
    "é",
    "🌟",
    "❤️",
    "👨‍👩‍👧",
    "1️⃣",
    "第一条 ①②",
    "“数字江西”—— 一网通办",
    "甲\n乙\t丙",
    "",
)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
seeds = st.text("南昌市政务服务局智慧水务平台一二AIai09（）·-〔〕 　", min_size=1, max_size=12)


@given(texts | st.text(UNSEEN + "南e\u0301❤👨\u200d\ufe0f\r\n", max_size=20))
@example("x\ufe0f\u200d👨")
@example("❤\u200b\ufe0f")
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    try:
        once = cleaned(text)
    except Unclean:
        return
    assert cleaned(once) == once
    assert unicodedata.is_normalized("NFC", once)
    if is_clean(text):
        assert once == text


@pytest.mark.parametrize("text", PLAIN)
def test_what_people_write_stays_as_it_was_typed(text: str) -> None:
    assert cleaned(text) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize("sign", UNSEEN)
def test_what_nobody_sees_is_not_kept(sign: str) -> None:
    assert cleaned(sign.join(f" {sign}智慧水务{sign}")) == " 智慧水务"


@pytest.mark.parametrize(
    "sign", [*TURNING, *CONTROLS, "\ufdd0", "\uffff", "\U0001fffe", "\U000f0000", "\ud800"]
)
def test_what_deceives_or_breaks_is_refused_with_its_place(sign: str) -> None:
    with pytest.raises(Unclean) as refused:
        cleaned(f"甲乙{sign}丙")
    assert refused.value.place == 3 and f"U+{ord(sign):04X}" in refused.value.told


@pytest.mark.parametrize("sign", BREAKS)
def test_every_end_of_a_line_is_one(sign: str) -> None:
    assert cleaned(f"甲{sign}乙") == "甲\n乙"


def test_piles_of_marks_are_refused_before_they_are_sorted() -> None:
    cleaned("e" + "\u0301" * PILE)
    with pytest.raises(Unclean):
        cleaned("e" + "\u0316\u0301" * 200_000)


@given(texts)
def test_a_key_of_a_key_is_itself(text: str) -> None:
    assert key(key(text)) == key(text)


@given(seeds, st.data())
def test_look_alikes_have_one_key(name: str, data: st.DataObject) -> None:
    wanted = key(name)
    back: dict[str, list[str]] = {}
    for code, like in FOLDS.items():
        back.setdefault(like, []).append(code)
    typed = []
    for character in name:
        forms = [character, *back.get(key(character), []), *_wide(character)]
        blank = data.draw(st.sampled_from(["", "", " ", "\u3000", "\u00a0", "\u200b", "\ufeff", "\u00ad"]))
        typed.append(data.draw(st.sampled_from(forms)) + blank)
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        assert key(unicodedata.normalize(form, "".join(typed))) == wanted


def _wide(character: str) -> list[str]:
    return [chr(ord(character) + 0xFEE0)] if "!" <= character <= "~" else []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("⻄湖⽂旅监管", "西湖文旅监管"),
        ("ＡＩ政务助手", "ai政务助手"),
        ("智慧　水务", "智慧水务"),
        ("政府（办公室）", "政府(办公室)"),
        ("会纪〔2026〕3号", "会纪[２０２６]3号"),
        ("南昌\u200b市", "南昌市"),
        ("買·買", "買•買"),
        ("戶籍", "户籍"),
        ("А市", "A市"),
        ("\uf9dd市", "利市"),
        ("０７９１－８８", "0791—88"),
    ],
)
def test_pairs_that_read_the_same(one: str, other: str) -> None:
    assert key(one) == key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("智慧水务一期", "智慧水务二期"),
        ("东湖区", "西湖区"),
        ("数据局", "數據局"),
        ("1号", "11号"),
        ("甲局", "甲厅"),
    ],
)
def test_what_reads_differently_stays_apart(one: str, other: str) -> None:
    assert key(one) != key(other)


def test_words_of_a_search_are_found_apart_and_together() -> None:
    for needle in ("智慧 水务", "水务　智慧", "智慧水务", "⽔务", "智\u200b慧"):
        assert holds("智慧　水务平台", needle), needle
    assert not holds("智慧水务", "智慧 交通")
    assert words(" \u3000\u200b") == () and folded("Ａ B") == "a b"
