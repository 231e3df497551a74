"""Whose paper can show what is claimed: the text names the organs, and nobody else's paper stands in for theirs.

Art. 11 exempts from sharing by a rule of 党中央、国务院; arts 16 and 19 speak of what they, or the province's leaders,
have ordered. An issuer's name is read as it is written: what is evidently a city's, a county's or the owner's own is
none of these. Whatever is left open is settled by whoever accepts the paper by name (R14).
"""

from __future__ import annotations

import re

from service.characters.keys import key
from service.measures.answers import Claim, Paper

_CENTRE = re.compile(
    "中共中央|党中央|国务院(?!国有资产|国资委)|中央办公厅|中央军委|中办|国办|全国人民代表大会|全国人大"
)
_FORWARDED = re.compile("\\(?(?:转发|转来|转|贯彻|落实)")
_CENTRAL_NUMBER = re.compile("^(?:国发|国办发|国函|国办函|国令|中发|中办发|中办字|厅字|主席令|国务院令)")
_PROVINCIAL = re.compile("^省|省委|省政府|省人民政府|省领导小组|中央|国务院|国家|全国")
_PREFIX = re.compile("^(?:中共|中国共产党)?(?:[\u4e00-\u9fff]{2,3}省)?(?=.*[市县区])")
_LOCAL = re.compile(
    "(?<!城)[市县区州](?!场|域|划|块)(?:委|政府|人民政府|人大|政协|[\u4e00-\u9fff]{0,14}"
    "(?:局|办|委|办公室|办公厅|中心|委员会|公司|院|站|馆|领导小组))|管委会|街道|[镇乡](?:党委|政府|人民政府)"
)


def of_centre(issuer: str, number: str) -> bool:
    """党中央、国务院, their offices, or the national congress; by its name or by the number of its paper."""
    name = _FORWARDED.split(key(issuer))[0]  # who forwards a paper of the centre has issued one of his own
    return _CENTRE.search(name) is not None or _CENTRAL_NUMBER.match(key(number)) is not None


def above_the_cities(issuer: str, owner: str | None) -> bool:
    """Whether an issuer can be the state or the province: not evidently a city's or county's, not the owner itself."""
    name = key(issuer)
    if owner and name == key(owner):
        return False
    rest = _PREFIX.sub("", name)
    return _PROVINCIAL.search(rest) is not None or _LOCAL.search(rest) is None


def unfit(claim: Claim, paper: Paper | None, owner: str | None) -> str | None:
    """Why a paper cannot show what is claimed, whoever signed it; None: it can, or nobody cited one."""
    if paper is None:
        return None
    if claim is Claim.SHARING_EXEMPTION and not of_centre(paper.issuer, paper.number):
        return f"依据文件的发文机关“{paper.issuer}”不是党中央、国务院"
    if claim is Claim.DEPLOYMENT and not above_the_cities(paper.issuer, owner):
        return f"“{paper.issuer}”的文件不是国家或者省委、省政府的部署"
    return None


def unfit_for_priority(item: int, issuer: str, owner: str | None) -> str | None:
    """The same of a claim of art. 16: items 1 and 2 are what the centre or the province has ordered."""
    if item in (1, 2) and not above_the_cities(issuer, owner):
        return f"“{issuer}”的文件不是党中央、国务院或者省委、省政府的部署"
    return None
