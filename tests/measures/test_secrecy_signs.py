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
        "【国家秘密·机密】关于建设方案的请示",
        "拟定密级为机密",
        "★10年机密",
        "涉密项目（是）",
        "编号,文件名,密级\n1,建设方案,公开\n2,测评报告,机密",
        "|名称|密级|\n|---|---|\n|方案|机密|",
        "序号\t名称\t密级\n1\t方案\t秘密",
        "机\x1b[1m密\x1b[0m★10年",
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
        "编号,文件名,密级\n1,建设方案,非密\n2,机密性测评报告,内部",
        "|密级|期限|\n|---|---|\n|绝密|30年|\n|机密|20年|\n|秘密|10年|",
        "字段,类型,说明\n密级,char,公开、秘密、机密",
        "涉密项目（是指处理国家秘密的项目）",
        "★10年机密计算经验",
    ],
)
def test_what_is_said_of_levels_behind_a_dash_is_none(text: str) -> None:
    assert look_at_text(text).verdict is Verdict.CLEAN
