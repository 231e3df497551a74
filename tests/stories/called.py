"""What a person of a story is called in its table: the role, with the city it is of."""

from __future__ import annotations

from service.kit.roles import load_roles

PROVINCE = "360000"


_CITIES = {
    "360100": "南昌",
    "360200": "景德镇",
    "360300": "萍乡",
    "360400": "九江",
    "360500": "新余",
    "360600": "鹰潭",
    "360700": "赣州",
    "360800": "吉安",
    "360900": "宜春",
    "361000": "抚州",
    "361100": "上饶",
}


def called(tenant: str, login: str | None) -> str:
    """The role's Chinese name, with the city it is of."""
    names = load_roles().names
    login, _, office = (login or "portal").partition("@")
    if office:
        return office
    role = login.rpartition(".")[2].rstrip("0123456789")
    tier = "province" if tenant == PROVINCE else "county" if "." in login else "city"
    return _CITIES.get(tenant, "") + names[tier, role].replace("设区市", "市")
