"""A plan's parts in the words that officials use for them: products, algorithms and platforms say as much as titles."""

from __future__ import annotations

from datetime import date

import pytest

from service.measures.form_plan import PARTS, named_in
from service.rulebook.loader import base_rulebook

DAY = date(2026, 12, 1)
SAID = {
    "intensive": ["复用市级统一平台能力，不新建底座", "利用省统一身份认证、电子印章等共性能力",
                  "依托省市两级政务云和电子政务外网部署", "由市大数据中心统一提供云主机，本项目不采购硬件"],
    "sharing": ["向市政务数据平台归集行政许可数据12类", "通过接口调用省人口库、法人库",
                "业务数据按日推送至省数据交换平台", "需申请使用的数据：电子证照、不动产登记信息"],
    "security": ["部署WAF、主机加固和日志审计", "数据分类分级、脱敏和备份恢复", "网络安全：部署防火墙和入侵检测"],
    "protection": ["系统安全保护等级拟定为三级", "网络安全保护等级第二级", "按等保2.0三级要求建设", "等级测评每年一次"],
    "crypto": ["采用SM2/SM3/SM4算法", "电子签章和传输加密采用国产算法", "部署服务器密码机"],
    "safe_products": ["服务器采用鲲鹏处理器，操作系统采用麒麟", "数据库采用达梦", "全部采用安可目录内产品",
                      "基础软硬件全国产"],
    "work_secrets": ["涉及工作秘密的文件加密存储", "工作秘密标注后限制导出"],
}  # fmt: skip
SILENT = [
    "1.集约化建设 2.数据共享 3.安全防护 4.等保 5.密码 6.信创",
    "本章说明集约化建设、数据共享、安全防护、等级保护、密码应用、安全可靠情况",
    "集约化建设已考虑，数据共享按要求，等级保护按规定执行，密码应用：满足要求，安全可靠：是",
    "（一）集约化建设：有（二）数据共享：有（三）等级保护：另行申报",
]


def terms() -> dict[str, tuple[str, ...]]:
    book = base_rulebook()
    return {key: book.list_on(part.parameter, DAY) for key, part in PARTS.items()}


@pytest.mark.parametrize(("part", "text"), [(part, text) for part, texts in SAID.items() for text in texts])
def test_it_is_said_in_other_words(part: str, text: str) -> None:
    """Art. 15, R17."""
    assert part in named_in(text, terms())


@pytest.mark.parametrize("text", SILENT)
def test_names_of_parts_alone_say_nothing_of_them(text: str) -> None:
    """Art. 15, R17: however the list is punctuated, and whatever empty words stand beside the names."""
    assert named_in(text, terms()) == frozenset()
