"""Art. 31: whether a clause says that results and their rights are the government's, as procurement papers word it.

A clause that is silent, leaves it open, shares it with the contractor or gives it away is none, whatever it is headed.
"""

from __future__ import annotations

import re

from service.measures.texts import visible

# Whoever stands for the government in a contract, or an office by its name.
_GOVERNMENT = (
    "(?:采购(?:人|方|单位)|甲方|政府|国家|(?:建设|项目|委托|招标|使用|业主|申报|用户){1,2}单位|委托(?:方|人)|发包(?:方|人)"
    "|业主|买方|需方|招标人|用户|(?:本|我)(?:单位|局|厅|委|办)"
    "|[\u4e00-\u9fff]{1,20}?(?:局|厅|委员会|发改委|办公室|人民政府|中心|法院|检察院))"
)
_CONTRACTOR = (
    "(?:乙方|丙方|丁方|卖方|供方|承建|承包|中标|成交|供应商|供货|受托|承接|开发(?:商|方|单位|者|公司)|服务(?:商|方)"
    "|运营(?:商|方)|集成商|[\u4e00-\u9fffA-Za-z]{2,20}?公司)"
)
_TO = "(?:归属于?|归属?于?|属于?|属|由)"
_RESULTS = "(?:知识产权|著作权|专利|所有权|成果|源代码|权利|权益|产权)"
_OWN = "(?:依法|单独|独家|独占|完全|全部)*"
_GIVEN = re.compile(
    f"{_TO}{_GOVERNMENT}(?!和|与|及|、)[^，。；,;]{{0,16}}(?:所有|享有|拥有|持有|独有)"
    f"|{_TO}{_GOVERNMENT}(?=$|[，。；,;])"
    f"|{_GOVERNMENT}{_OWN}(?:拥有|享有|所有|取得)[^，。；,;使]{{0,16}}{_RESULTS}"
    f"|{_RESULTS}[^，。；,;]{{0,12}}(?:转让|转移|移交|让与|归还)(?:给|至|予)?{_GOVERNMENT}"
    f"|归国有(?!企业|公司|控股)|归属[:：为是]{{1,2}}{_GOVERNMENT}(?!和|与|及|、)"
    f"|(?:著作权|专利权|所有权|权利)人(?:均|应)?(?:为|是|登记为){_GOVERNMENT}(?!和|与|及|、)"
    f"|{_RESULTS}[^，。；,;]{{0,8}}登记在{_GOVERNMENT}名下"
    f"|{_GOVERNMENT}(?:为|是|系)[^，。；,;和与及]{{0,12}}(?:权利|著作权|专利权|所有权?)人"
)
_WORK = "开发|建设|实施|编制|完成|研发|编写|制作|转让|移交|交付|提供|负责|承担|保证|协助|配合|按"
_GIVEN_AWAY = re.compile(
    f"(?<![不非]){_TO}{_CONTRACTOR}(?!原有|已有|自有|背景|既有|{_WORK})"
    f"|{_CONTRACTOR}{_OWN}(?:拥有|享有|所有|保留)(?!其?(?:原有|已有|自有|背景|既有))[^，。；,;署使]{{0,16}}{_RESULTS}"
    f"|(?:著作权|专利权|所有权|权利)人(?:均|应)?(?:为|是|登记为){_CONTRACTOR}|登记在{_CONTRACTOR}名下"
    "|共有|共同(?:所有|享有|拥有|持有)|双方(?:所有|享有|拥有)"
    f"|(?:不|非|不得|不能){_TO}{_GOVERNMENT}|{_GOVERNMENT}(?:不|不得|未)(?:享有|拥有|取得)"
)


def owned_by_government(quote: str | None) -> bool:
    """Whether a clause stands that gives results or rights to the government, and to nobody beside it."""
    if quote is None:
        return False
    text = visible(quote)
    return _GIVEN.search(text) is not None and _GIVEN_AWAY.search(text) is None
