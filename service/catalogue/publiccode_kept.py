"""What is understood of a publiccode.yml and yet would not come out as it was written: kept beside, so that it does."""

from __future__ import annotations

from typing import Any

from service.catalogue.publiccode import CATEGORIES, KINDS, PublicCode
from service.catalogue.publiccode_categories import STANDARD
from service.catalogue.publiccode_yaml import written
from service.catalogue.schemas import AppContent, Support

CHINESE = ("zh-CN", "zh-Hans-CN", "zh-Hans", "zh", "zho", "cmn")  # what comes out as zh-CN
MOST = 32768  # characters
# Keys that we know and that may be kept all the same.
_KNOWN = ("categories", "releaseDate", "description", "legal", "maintenance", "localisation")


def keep(plain: dict[str, Any], code: PublicCode, content: AppContent, rest: dict[str, Any]) -> None:
    """Adds to `rest` what the export of `content` would say otherwise than the file did."""
    words = [each for each in code.categories if each in STANDARD]
    if words and words != [CATEGORIES[content.category][0]]:
        rest["categories"] = words
    if code.maintenance.type in KINDS[1:]:
        rest.setdefault("maintenance", {})["type"] = code.maintenance.type
    if code.localisation.localisation_ready:
        rest.setdefault("localisation", {})["localisationReady"] = True
    if code.release_date and not content.versions:
        rest["releaseDate"] = code.release_date
    if people := _people(plain, (content.support, *content.contacts)):
        rest.setdefault("maintenance", {})["contacts"] = people


def _people(plain: dict[str, Any], taken: tuple[Support, ...]) -> list[dict[str, Any]]:
    """By the name of a contact, where it is one's alone, what of it was not taken: its affiliation."""
    names, kept = [each.name for each in taken], []
    known = {each.name: each for each in taken if each.name and names.count(each.name) == 1}
    for each in (plain.get("maintenance") or {}).get("contacts") or ():
        if (one := known.get(each.get("name"))) is None:
            continue
        ours = {"name": one.name, "phone": one.phone, "email": one.email}
        more = {key: value for key, value in each.items() if value and not ours.get(key)}
        if "@" not in str(more.get("email", "@")):
            del more["email"]  # told, and no address: the standard would refuse the file
        kept += [{"name": one.name, **more}] if more else []
    return kept


def further(plain: dict[str, Any], language: str, rest: dict[str, Any], unread: list[str]) -> str:
    """All that is kept beside. Another language's words stand there too: what is shown of them comes out as Chinese."""
    texts = plain.get("description", {}).get(language)
    if texts and language not in CHINESE:
        whole = {**rest, "description": {**rest.get("description", {}), language: texts}}
        if len(text := written(_ordered(whole))) <= MOST:
            return text
        unread.append(f"/description/{language}")
    return written(_ordered(rest)) if rest else ""


def _ordered(rest: dict[str, Any]) -> dict[str, Any]:
    """The keys that we know come last, so that a file that comes in again says the same."""
    first = {name: rest[name] for name in rest if name not in _KNOWN}
    return first | {name: rest[name] for name in _KNOWN if name in rest}
