"""Signs between a label and its level, and through them: dashes and what is struck out."""

from __future__ import annotations

import pytest

from service.measures.secrecy import Verdict, look_at_text


@pytest.mark.parametrize("text", ["密级——机密", "保密等级——秘密级", "密~~级~~：机密", "密级：~~机密~~"])
def test_a_level_behind_a_dash_or_struck_through_is_a_mark(text: str) -> None:
    assert look_at_text(text).verdict is Verdict.MARKED


@pytest.mark.parametrize(
    "text",
    [
        "标密：机密",
        "该系统被定为秘密级信息系统",
        "项目密级为：秘密",
        "本项目为：机密级",
        "该项目属于涉密信息系统工程",
    ],
)
def test_a_level_in_more_words_of_forms_is_a_mark(text: str) -> None:
    assert look_at_text(text).verdict is Verdict.MARKED


@pytest.mark.parametrize(
    "text",
    [
        "密级——分为绝密、机密、秘密三级",
        "密级——机密、秘密、内部",
        "本项目的密级——不涉密",
        "密级——机密性要求",
        "国家秘密的密级为：绝密、机密、秘密",
        "该项目不属于涉密信息系统工程",
        "密级分为以下几级：秘密、机密、绝密",
    ],
)
def test_what_is_said_of_levels_behind_a_dash_is_none(text: str) -> None:
    assert look_at_text(text).verdict is Verdict.CLEAN
