"""Art. 31: a clause gives results and rights to the government, or there is none; in the words of real contracts."""

from __future__ import annotations

import pytest

from service.measures.ownership import owned_by_government

OWNED = [
    "项目成果及知识产权归采购人所有",
    "本项目产生的全部成果及知识产权归甲方所有",
    "所有源代码、文档、数据及知识产权均属甲方",
    "知识产权归南昌市人民政府所有",
    "软件著作权由采购人享有",
    "乙方开发的成果，其知识产权归属甲方",
    "成果及知识产权归政府所有，乙方不得主张",
    "项目形成的知识产权归建设单位所有",
    "知识产权归委托方所有",
    "本合同项下成果的所有权和知识产权归发包人所有",
    "成果知识产权归业主单位",
    "交付成果的著作权、专利申请权归买方",
    "甲方拥有本项目全部知识产权",
    "甲方独家享有本项目成果的知识产权",
    "乙方同意将全部知识产权转让给甲方",
    "成果归采购单位，乙方享有署名权",
    "知识产权归采购人所有，乙方原有技术除外",
    "项目成果及知识产权归采购人所代表的政府所有",
    "成果和知识产权归采购人所代表的政府所有",
    "知识产权归政府所有",
    "项目成果及相关知识产权归政府所有",
    "归政府所有",
    "设计文件、源代码、测试文档、数据资源、数据接口及相关知识产权归政府所有",
    "知识产权归南昌市数据局所有",
    "由乙方开发的软件，知识产权归甲方所有",
    "知识产权归甲方所有，由乙方负责交付源代码",
    "知识产权不归乙方，归甲方所有",
    "乙方不享有任何知识产权，全部知识产权归甲方所有",
    "成果归国家所有",
]
NOT_OWNED = [
    "知识产权归乙方所有",
    "知识产权归供应商所有，采购人有永久使用权",
    "知识产权由双方共有",
    "甲乙双方共同享有知识产权",
    "知识产权不归采购人所有",
    "成果归中标人",
    "知识产权归属另行约定",
    "知识产权归开发方，甲方可免费使用",
    "源代码归乙方，文档归甲方",
    "甲方享有使用权",
    "知识产权按国家有关规定执行",
    "知识产权归承建单位所有",
    "甲方不享有知识产权",
    "知识产权归甲方和乙方共同所有",
    "成果归采购人使用，知识产权归中标供应商",
    "知识产权归甲方所有，但源代码归乙方所有",
    "项目成果及知识产权归乙方所有",
    "源代码归供应商所有，甲方享有使用权",
    "知识产权归某某科技有限公司所有",
    "乙方保留全部知识产权，授权甲方使用",
    "见合同第十二条",
    "验收合格后支付尾款",
]


@pytest.mark.parametrize("quote", OWNED)
def test_the_governments(quote: str) -> None:
    assert owned_by_government(quote)


@pytest.mark.parametrize("quote", NOT_OWNED)
def test_shared_given_away_or_silent(quote: str) -> None:
    """A right to use is no ownership, and what is left open is not settled."""
    assert not owned_by_government(quote)
    assert not owned_by_government(None)
