"""A publiccode.yml as a draft: what has a place is taken, what has none is told and kept as it was written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct

from service.catalogue.publiccode import (
    CATEGORIES,
    KINDS,
    OURS,
    Contact,
    Legal,
    Localisation,
    Maintenance,
    PublicCode,
    Texts,
)
from service.catalogue.publiccode_kept import CHINESE, MOST, further, keep
from service.catalogue.schemas import (
    AppContent,
    Category,
    Release,
    Repository,
    Rights,
    SoftwareType,
    Support,
    UrlOrNone,
)
from service.kit.decoding import explain
from service.kit.errors import FieldError, invalid
from service.kit.text import Email, Phone

_MOST_TOLD = 100
# Keys of older versions for what later ones call otherwise.
_BEFORE = {"landingUrl": "landingURL", "publiccode-yaml-version": "publiccodeYmlVersion"}
_VERSION_AT = re.compile(r"https?://\S{1,80}/version/")  # the first files named their version by its address
# What is a list, and is written as a single one now and then.
_LISTS = (
    ("platforms",),
    ("categories",),
    ("maintenance", "contacts"),
    ("localisation", "availableLanguages"),
)
_SAID = {"yes": True, "on": True, "no": False, "off": False}  # as YAML 1.1 has it, and as files say it
_SECTIONS: dict[str, type[Struct]] = {
    "legal": Legal,
    "maintenance": Maintenance,
    "localisation": Localisation,
}


class Read(NamedTuple):
    """`unread`: pointers to what has no place here."""

    name: str
    reach: str
    content: AppContent
    unread: list[str]


def read(value: Any) -> Read:
    """The draft; faults point into the document below `/publiccode`."""
    plain = _plain(value)
    try:
        code = msgspec.convert(plain, PublicCode, strict=False)
    except msgspec.ValidationError as error:
        fault = explain(str(error))
        raise invalid([FieldError(f"/publiccode{fault.pointer}", fault.code, fault.detail)]) from None
    language = _language(code)
    rest: dict[str, Any] = {}
    unread = list(_leftovers(plain, language, rest))
    content = _content(code, language, unread)
    keep(plain, code, content, rest)
    content.further = further(plain, language, rest, unread)
    if len(content.further) > MOST:
        raise invalid([FieldError("/publiccode", "too_long", "没有对应字段的内容过长")])
    return Read(code.name, code.tongjian.reach, content, unread[:_MOST_TOLD])


def _plain(value: Any) -> Any:
    """Without keys that say nothing, single words as lists, and what the export assumed taken back."""
    if not isinstance(value, dict):
        return value
    found = {_BEFORE.get(key, key): each for key, each in _said(value).items()}
    if isinstance(version := found.get("publiccodeYmlVersion"), str):
        found["publiccodeYmlVersion"] = _VERSION_AT.sub("", version, count=1)
    for path in _LISTS:
        _listed(found, path)
    for texts in _values(found.get("description")):
        _listed(texts, ("features",))
    spoken = found.get("localisation")
    if isinstance(spoken, dict) and (ready := str(spoken.get("localisationReady")).lower()) in _SAID:
        spoken["localisationReady"] = _SAID[ready]
    ours = found.get("tongjian")
    for path in ours.get("assumed", ()) if isinstance(ours, dict) else ():
        *sections, key = str(path).split("/")
        place: Any = found
        for section in sections:
            place = place.get(section) if isinstance(place, dict) else None
        if isinstance(place, dict):
            place.pop(key, None)
    return found


def _values(value: Any) -> list[Any]:
    return list(value.values()) if isinstance(value, dict) else []


def _listed(place: Any, path: tuple[str, ...]) -> None:
    """A single word or thing where the standard has a list of them becomes a list of one."""
    for step in path[:-1]:
        place = place.get(step) if isinstance(place, dict) else None
    if isinstance(place, dict) and isinstance(place.get(path[-1]), str | dict):
        place[path[-1]] = [place[path[-1]]]


def _said(value: Any) -> Any:
    """Without what is null; texts without the line ends that folded YAML leaves. Our own words stay as they are."""
    if isinstance(value, dict):
        said = {key: each for key, each in value.items() if each is not None}
        return {key: each if key == "tongjian" else _said(each) for key, each in said.items()}
    if isinstance(value, list):
        return [_said(each) for each in value if each is not None]
    return value.strip() if isinstance(value, str) else value


def _language(code: PublicCode) -> str:
    there = [each for each in CHINESE if each in code.description]
    there += [each for each in code.description if each.lower().startswith("zh-")]
    there += [each for each in ("en", "eng") if each in code.description]
    return next(iter([*there, *code.description]), "zh")


def _leftovers(plain: dict[str, Any], language: str, rest: dict[str, Any]) -> Iterator[str]:
    """Pointers to what the form has no place for, which is put into `rest` at the place where it stood."""
    known = _keys(PublicCode)
    for key, value in plain.items():
        if key not in known:
            rest[key] = value
            yield f"/{key}"
    for key, form in _SECTIONS.items():
        yield from _beyond(plain.get(key), form, rest, (key,))
    for spoken, texts in (plain.get("description") or {}).items():
        if spoken == language:
            yield from _beyond(texts, Texts, rest, ("description", spoken))
        else:
            rest.setdefault("description", {})[spoken] = texts
            yield f"/description/{spoken}"
    for index, each in enumerate((plain.get("maintenance") or {}).get("contacts") or ()):
        yield from (f"/maintenance/contacts/{index}/{key}" for key in each if key not in _keys(Contact))


def _beyond(value: Any, form: type[Struct], rest: dict[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    for key, each in (value or {}).items():
        if key not in _keys(form):
            place = rest
            for step in path:
                place = place.setdefault(step, {})
            place[key] = each
            yield f"/{'/'.join(path)}/{key}"


def _keys(form: type[Struct]) -> set[str]:
    return {each.encode_name for each in msgspec.structs.fields(form)}


def _content(code: PublicCode, language: str, unread: list[str]) -> AppContent:
    ours, texts = code.tongjian, code.description.get(language, Texts())
    if code.maintenance.type not in KINDS:
        unread.append("/maintenance/type")
    people = [_person(each, index, unread) for index, each in enumerate(code.maintenance.contacts)]
    versions = ours.versions or _release(code, unread)
    latest = max(versions, key=lambda each: each.released_on).number if versions else ""
    told = partial(_bounded, f"/description/{language}", unread)
    return AppContent(
        category=_category(code, unread),
        summary=ours.summary or told("shortDescription", texts.short_description, 200),
        description=ours.description or told("longDescription", texts.long_description, 8000),
        functions=_features(texts, told),
        data_items=ours.data_shared,
        interfaces=ours.interfaces,
        security_level=ours.security_level,
        certificates=ours.certificates,
        cost=ours.cost,
        service_terms=ours.service_terms,
        support=ours.support or (people[0] if people else Support()),
        contacts=ours.contacts if ours.support else people[1:],
        versions=versions,
        software_version=ours.software_version
        or ("" if code.software_version == latest else code.software_version),
        address=_one_of(UrlOrNone, code.landing_url, "/landingURL", unread) or "",
        repository=_one_of(Repository, code.url, "/url", unread) or "",
        software_type=_one_of(SoftwareType, code.software_type, "/softwareType", unread)
        if code.software_type
        else None,
        platforms=code.platforms,
        networks=ours.networks,
        languages=code.localisation.available_languages,
        rights=Rights(code.legal.license, code.legal.main_copyright_owner, ours.licence_terms),
        papers=ours.papers,
    )


def _bounded(at: str, unread: list[str], key: str, text: str, most: int) -> str:
    """Where a text is longer than ours may be, its end is left out and told, never the whole file refused."""
    if len(text) > most:
        unread.append(f"{at}/{key}")
    return text[:most]


def _features(texts: Texts, told: Any) -> list[str]:
    lines = [" ".join(each.split()) for each in texts.features]
    return [told(f"features/{index}", line, 200) for index, line in enumerate(lines) if line][:60]


def _one_of(kind: Any, text: str, pointer: str, unread: list[str]) -> Any:
    """The value where it is one of ours; else it is told and left."""
    try:
        return msgspec.convert(text, kind)
    except msgspec.ValidationError:
        unread.append(pointer)
        return None


def _category(code: PublicCode, unread: list[str]) -> Category:
    """The first that has one of ours; ours may be said as well."""
    found = [OURS.get(each) or (each if each in CATEGORIES else None) for each in code.categories]
    unread += [f"/categories/{index}" for index, each in enumerate(found) if each is None]
    mine: list[Any] = [each for each in found if each]
    return mine[0] if mine else "other"


def _person(contact: Contact, index: int, unread: list[str]) -> Support:
    """Numbers and addresses that are none of ours are told, not taken."""
    at = f"/maintenance/contacts/{index}"
    phone = _one_of(Phone, contact.phone, f"{at}/phone", unread) or ""
    return Support(contact.name, phone, _one_of(Email, contact.email, f"{at}/email", unread) or "")


def _release(code: PublicCode, unread: list[str]) -> list[Release]:
    """The version of the file where its day is said with it; without a day it stands alone (`software_version`)."""
    if not (code.software_version and code.release_date):
        return []
    try:
        made = {"number": code.software_version, "released_on": code.release_date[:10]}
        return [msgspec.convert(made, Release)]
    except msgspec.ValidationError:
        unread.append("/releaseDate")
        return []
