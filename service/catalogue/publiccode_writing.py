"""An app as a publiccode.yml that the standard's own checks take, and that comes in again without loss."""

from __future__ import annotations

from typing import Any

import msgspec

from service.catalogue.publiccode import (
    CATEGORIES,
    DEVELOPMENT,
    KINDS,
    OURS,
    VERSION,
    Contact,
    Extension,
    Legal,
    Localisation,
    Maintenance,
    PublicCode,
    Texts,
)
from service.catalogue.publiccode_categories import STANDARD
from service.catalogue.publiccode_yaml import load, written
from service.catalogue.schemas import AppContent

SHORT, LONG = 150, 150  # characters of the standard: a short description at most, a long one at least
_UNLICENSED = "LicenseRef-government-use"  # an SPDX expression for what no public licence covers
# What a catalogue of elsewhere is told when an app says little of itself.
_NOTE = (
    "本说明由数字化项目统建共享目录导出，供各级机关和单位查找、比较和申请开通使用。功能、接口、共享数据、安全等级、"
    "服务承诺和联系方式以目录中的最新内容为准；需要开通的，请通过目录向提供单位提出申请，由提供单位按约定的范围开通。"
    "应用的源代码、设计文档和数据资源归政府所有，未经提供单位同意不得另作他用。如内容有误，请联系提供单位更正。"
)


def dump(name: str, status: str, reach: str, content: AppContent, *, address: str, provider: str) -> bytes:
    """`address`: where the catalogue shows the app; `provider`: its office. Both stand in where the app is silent."""
    assumed: list[str] = []

    def told(value: Any, path: str, otherwise: Any) -> Any:
        if value:
            return value
        assumed.append(path)
        return otherwise

    code = PublicCode(
        publiccode_yml_version=VERSION,
        name=name,
        url=told(content.repository, "url", address),
        landing_url=content.address,
        software_version=_latest(content),
        release_date=_released(content),
        platforms=told(content.platforms, "platforms", ["web"]),
        categories=_category(content),
        development_status=DEVELOPMENT[status],
        software_type=told(content.software_type, "softwareType", "standalone/web"),
        description={"zh-CN": _texts(name, content, told)},
        legal=Legal(
            license=told(content.rights.licence, "legal/license", _UNLICENSED),
            main_copyright_owner=told(content.rights.owner, "legal/mainCopyrightOwner", provider),
        ),
        maintenance=Maintenance(
            contacts=told(_contacts(content), "maintenance/contacts", [Contact(provider)])
        ),
        localisation=Localisation(
            available_languages=told(content.languages, "localisation/availableLanguages", ["zh-CN"])
        ),
        tongjian=_extension(reach, content, assumed),
    )
    plain = msgspec.to_builtins(code, builtin_types=())
    plain["localisation"] = {"localisationReady": False, **plain.get("localisation", {})}
    plain["maintenance"] = {"type": "internal", **plain.get("maintenance", {})}
    return written(_beside(plain, load(content.further) if content.further else {})).encode()


def _category(content: AppContent) -> list[str]:
    """The standard's word for our category, where it has one."""
    return [each for each in CATEGORIES[content.category][:1] if each in STANDARD]


def _as_written(plain: dict[str, Any], rest: dict[str, Any]) -> None:
    """What a file said more exactly than ours can: its categories, its kind of maintenance, more of its contacts."""
    if isinstance(said := rest.pop("categories", None), list):
        kept = [each for each in said if isinstance(each, str) and each in STANDARD]
        ours = plain.get("categories", [])
        first = next((OURS[each] for each in kept if each in OURS), "other")
        same = first == (OURS[ours[0]] if ours else "other")
        plain["categories"] = kept if same else [*ours, *(each for each in kept if each not in ours)]
    theirs = rest.get("maintenance")
    if isinstance(theirs, dict):
        if (kind := theirs.pop("type", None)) in KINDS:
            plain["maintenance"]["type"] = kind
        people = theirs.pop("contacts", None)
        for each in people if isinstance(people, list) else ():
            alike = [
                one
                for one in plain["maintenance"]["contacts"]
                if isinstance(each, dict) and one["name"] == each.get("name")
            ]
            if len(alike) == 1:
                alike[0].update({key: value for key, value in each.items() if key not in alike[0]})
    spoken = rest.get("localisation")
    if isinstance(spoken, dict) and isinstance(spoken.get("localisationReady"), bool):
        plain["localisation"]["localisationReady"] = spoken.pop("localisationReady")


def _texts(name: str, content: AppContent, told: Any) -> Texts:
    """In the standard's bounds; where ours are wider, our own words stand under `tongjian`."""
    at = "description/zh-CN/"
    short = " ".join(content.summary.split())[:SHORT]
    long = content.description.strip()
    if len(long) < LONG:
        long = "\n\n".join(each for each in (long, _NOTE) if each)
    return Texts(
        short_description=told(
            short if short == content.summary else "", f"{at}shortDescription", short or name[:SHORT]
        ),
        long_description=told(long if long == content.description else "", f"{at}longDescription", long),
        features=told(content.functions, f"{at}features", [name]),
    )


def _extension(reach: str, content: AppContent, assumed: list[str]) -> Extension:
    ours = {path.rpartition("/")[2] for path in assumed}
    named = all(each.name for each in (content.support, *content.contacts))
    return Extension(
        reach=reach,  # type: ignore[arg-type]
        summary=content.summary if "shortDescription" in ours else "",
        description=content.description if "longDescription" in ours else "",
        data_shared=content.data_items,
        interfaces=content.interfaces,
        security_level=content.security_level,
        certificates=content.certificates,
        cost=content.cost,
        service_terms=content.service_terms,
        versions=content.versions,
        software_version=content.software_version if content.software_version == _newest(content) else "",
        networks=content.networks,
        licence_terms=content.rights.terms,
        papers=content.papers,
        support=None if named else content.support,
        contacts=[] if named else content.contacts,
        assumed=assumed,
    )


def _newest(content: AppContent) -> str:
    newest = max(content.versions, key=lambda each: each.released_on, default=None)
    return newest.number if newest else ""


def _latest(content: AppContent) -> str:
    return content.software_version or _newest(content)


def _released(content: AppContent) -> str:
    """The day of the version that is told, where it is known."""
    return next((f"{each.released_on}" for each in content.versions if each.number == _latest(content)), "")


def _contacts(content: AppContent) -> list[Contact]:
    people = (content.support, *content.contacts)
    return [Contact(each.name, each.email, each.phone) for each in people if each.name]


def _beside(plain: dict[str, Any], rest: Any) -> dict[str, Any]:
    """What the app keeps of a file for which it has no place, at the place where it stood."""
    if isinstance(rest, dict):
        _as_written(plain, rest)
    return _merged(plain, rest)


def _merged(plain: dict[str, Any], rest: Any) -> dict[str, Any]:
    for key, value in rest.items() if isinstance(rest, dict) else ():
        if key not in plain:
            plain[key] = value
        elif isinstance(plain[key], dict) and key != "tongjian":
            _merged(plain[key], value)
    return plain
