"""The secrecy scan, both ways: what it must find however it is written, and what it must let through."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.measures.secrecy import Verdict, harmless, has_mark, is_classified, look

MARKED = [
    "秘密★5年",
    "机密★",
    "绝密 ★ 长期",
    "机 密☆",
    "★绝密",
    "密级：机密",
    "絕密★",
    "机\u200b密★",
    "秘密⭐",
    "秘密&#9733;",
    "密级：机密，保密期限10年",
    "机密*10年",
    "机密＊１０年",
    "机密※6个月",
    "*机密 10年",
    "秘密*长期",
    "秘密★",
    "绝密★长期",
    "国家秘密★10年",
    "★机密级",
    "★机密文件",
    "密级：机密级",
    "保密等级：绝密",
    "定密为机密",
    "涉密等级是秘密",
    "密級：機密",
    "密 级 ： 机 密",
    "密级（机密）",
    "机密件★10年",
    "机密文件★10年",
    "机密资料 ★",
    "机·密★",
    "机.密.★",
    "机_密★",
    "机\u0332密★",
    "机\u20dd密\u20dd★",
    "机\U000e0100密★",
    "机\ufe0f密★",
    "机\U0001e8d0密★",
    "机密⭑",
    "机密✶",
    "机密٭",
    "机密🟊",
    "机密🌟",
    "机宻★",
    "祕密★",
    "祕宻★",
    "密级：\n机密",
    "密级：\t秘密",
    "机密\n★10年",
    "机密\t★",
    "★\n机密",
    "机\n密★",
    '机"密★',
    "机\r\n\r\n密★",
    "&#26426;&#23494;★",
    "&amp;#26426;密★",
    "&#00000000000026426;密★",
    "&#x673a;&#x5bc6;&#x2605;",
    "关于信息化工作\n秘密★5年",
    "机密。★10年",
    "国家秘密。\n秘密★",
]
ORDINARY = [
    "**机密性**、完整性",
    "* 机密性：传输加密",
    "※机密性要求",
    "★机密性要求",
    "★ 秘密共享方案",
    "工作秘密★5年",
    "工作秘密*",
    "商业秘密*",
    "商业秘密★",
    "商业机密★",
    "**秘密**字段用掩码",
    "不涉及国家秘密（*）",
    "国家秘密 * 不得录入",
    "密级（秘密、机密、绝密）信息不进入系统",
    "密级：秘密/机密/绝密",
    "密级：□秘密 □机密 □绝密",
    "不含密级为机密的内容",
    "**机密**",
    "秘密共享",
    "机密计算",
    "保守国家秘密",
    "工作秘密信息防护系统",
    "密码应用改造",
    "保守国家秘密宣传平台",
    "机密计算平台",
    "五★服务大厅",
    "本项目不涉及国家秘密。★投标人须具备资质",
    "★计算机密码应用",
    "等级保护：机密性、完整性★",
    "密级保护",
    "定密责任人",
]
WRAPPINGS: dict[str, Callable[[str], bytes]] = {
    "utf-8": lambda t: t.encode(),
    "utf-16": lambda t: t.encode("utf-16"),
    "utf-16-be": lambda t: t.encode("utf-16-be"),
    "json": lambda t: json.dumps({"name": t}, ensure_ascii=False).encode(),
    "json ascii": lambda t: json.dumps({"name": t}).encode(),
    "json key": lambda t: json.dumps({t: 1}, ensure_ascii=False).encode(),
    "json deep": lambda t: json.dumps([{"a": [{"b": [t, ["x"]]}]}]).encode(),
    "json duplicate key": lambda t: b'{"a":%s,"a":"x"}' % json.dumps(t).encode(),
    "json in json": lambda t: json.dumps({"a": json.dumps({"b": t})}).encode(),
    "json in json in json": lambda t: json.dumps(json.dumps(json.dumps(t))).encode(),
    "broken json": lambda t: json.dumps({"name": t}).encode()[:-1] + b",,",
    "too deep json": lambda t: b"[" * 100_000 + json.dumps(t).encode(),
    "percent": lambda t: quote(t).encode(),
    "percent twice": lambda t: quote(quote(t)).encode(),
    "percent thrice": lambda t: quote(quote(quote(t))).encode(),
    "mime b": lambda t: b"=?UTF-8?B?" + base64.b64encode(t.encode()) + b"?=",
    "mime q": lambda t: b"note: =?utf-8?q?" + "".join(f"={b:02X}" for b in t.encode()).encode() + b"?= .",
}


@pytest.mark.parametrize("wrapping", WRAPPINGS)
def test_marks_are_found_however_wrapped(wrapping: str) -> None:
    wrapped = WRAPPINGS[wrapping]
    for mark in MARKED:
        assert has_mark(mark), mark
        assert is_classified(wrapped(mark)), mark
        assert is_classified(wrapped(f"前文，{mark}，后文")), mark


@pytest.mark.parametrize("wrapping", WRAPPINGS)
def test_ordinary_texts_pass_however_wrapped(wrapping: str) -> None:
    wrapped = WRAPPINGS[wrapping]
    for text in ORDINARY:
        assert not has_mark(text), text
        assert not is_classified(wrapped(text)), text
        assert not is_classified(wrapped(f"前文，{text}，后文")), text


@pytest.mark.parametrize("mark", ["机密★10年", "密级：机密", "秘密☆", "機密★"])
def test_marks_in_other_encodings(mark: str) -> None:
    assert is_classified(f"附件：{mark}。".encode("gb18030"))
    assert is_classified(quote(mark.encode("gb18030")).encode())
    assert is_classified(b"=?GB2312?B?" + base64.b64encode(mark.encode("gb18030")) + b"?=")
    words = [base64.b64encode(part.encode()).decode() for part in (mark[:2], mark[2:])]
    assert is_classified("\r\n ".join(f"=?utf-8?B?{word}?=" for word in words).encode())


@pytest.mark.parametrize("escape", ["%", "\\", "\\\\", "\\\\\\\\"])
def test_escapes_spelled_out(escape: str) -> None:
    assert is_classified("".join(f"{escape}u{ord(c):04x}" for c in "机密★").encode())
    assert is_classified(b'{"a":"' + "".join(f"{escape}u{ord(c):04X}" for c in "机密★").encode() + b'"}')


@pytest.mark.parametrize("ascii_only", [True, False])
def test_a_label_and_its_level_in_key_and_value(ascii_only: bool) -> None:
    for value in ({"密级": "机密"}, {"a": [1, {"密级": "绝密", "x": "秘密事项"}]}, ["密级：机密", "秘密"]):
        assert is_classified(json.dumps(value, ensure_ascii=ascii_only).encode())
        assert is_classified(json.dumps(value, ensure_ascii=ascii_only, indent=2).encode())
    for value in ({"密级": "非密"}, {"密级": "工作秘密"}, {"密级": "公开", "备注": "机密"}):
        assert not is_classified(json.dumps(value, ensure_ascii=ascii_only).encode())


def test_parts_without_a_hint_are_not_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: str) -> None:
        raise AssertionError

    monkeypatch.setattr("service.measures.secrecy.fold", fail)
    for raw in (b"/api/v1/projects\nlimit=20\napplication/json", '{"name":"智慧城管★","n":1}'.encode()):
        assert not is_classified(raw)


def test_declared_classified() -> None:
    for raw in (
        b'{"classified": true}',
        b'{"classified"\n:\ttrue}',
        b'{"\\u0063lassified":true}',
        b'{"classified":true,"classified":false}',
        '{"a":"密","classified":true}'.encode(),
    ):
        assert is_classified(raw)
    for raw in (b'{"classified": false}', b'{"unclassified": true}', b'{"x": "classified"}', b"", b"%"):
        assert not is_classified(raw)


@pytest.mark.parametrize(
    "unit",
    [
        "密",
        "机",
        "★",
        "机密",
        "密级",
        "密级：",
        "机 ",
        "★ ",
        "* ",
        "*机",
        "工作秘密★",
        "机密1",
        "\u0300\u0316",
        "\U0001e8d0\U0001e944",
        "\u20dd",
        " ",
        "&#",
        "&#1",
        "&#0",
        "&amp;",
        "\\",
        "\\u5bc6",
        "\\\\u5bc6",
        "%",
        "%25",
        "%E5",
        "=?",
        "=?a?B?",
        "ﷺ",
        "𠀀",
        "🌟",
        "[",
        '"密',
        "\x00",
        "密级、",
        "商业机密1年*",
        "机密0123",
    ],
)
def test_large_inputs_take_linear_time(unit: str) -> None:
    raw = (unit * (1 + 2**20 // len(unit.encode())))[: 2**20].encode()[: 2**20] + "；密".encode()
    for size in (2**16, 2**20):
        found = look(raw[: size - 6] + "；密".encode())
        assert found.read <= 12 * size, (found.verdict, found.read / size)


@given(
    st.binary(max_size=200)
    | st.text('机密秘绝级★*年0：、&#;\\u%=?"{}[] \n\ud83c\U000e0100').map(
        lambda text: text.encode("utf-8", "surrogatepass")
    )
)
def test_no_input_breaks_it(raw: bytes) -> None:
    assert is_classified(raw) in (True, False)
    assert is_classified(raw + "，机密★".encode()) or "密".encode() not in (raw + "，机密★".encode())
    assert not any(has_mark(x) for x in ("&#" + "9" * 5000 + ";密", "&#x" + "f" * 5000 + ";密"))


@given(
    st.text(max_size=30),
    st.text(max_size=30),
    st.sampled_from(["机密★", "★绝密；", "密级：秘密。", "机密*10年"]),
)
def test_a_mark_is_found_in_any_text(before: str, after: str, mark: str) -> None:
    text = f"{before}。{mark}，{after}"
    for raw in (json.dumps({"a": text}).encode(), text.encode("utf-8", "ignore"), json.dumps(text).encode()):
        assert is_classified(raw)


_BITS = (
    *"%&\\=?\"'<>{}[]:;,. \n\x00",
    '"classified"',
    "classified",
    ": true",
    "u5bc6",
    "=?utf-8?b?",
    "5a+G?=",
    "#23494;",
)


@given(st.lists(st.sampled_from((*_BITS, "E5%AF%86", "密", "é")) | st.text(max_size=4), max_size=24))
def test_what_is_harmless_is_clean(parts: list[str]) -> None:
    raw = "".join(parts).encode("utf-8", "surrogatepass")
    assert not harmless(raw) or look(raw).verdict is Verdict.CLEAN


def test_the_head_of_a_usual_request_is_harmless() -> None:
    head = b"/api/v1/projects/360100-018f\nlimit=50\nauthorization\nBearer a.b-c_d==\naccept\n*/*;q=0.1"
    assert harmless(head)
    for wrapped in (
        b"%E5%AF%86",
        b"&#23494;",
        b"\\u5bc6",
        b"=?utf-8?b?5a+G?=",
        b"\x00",
        b'"classified"',
        "密".encode(),
    ):
        assert not harmless(head + wrapped)
