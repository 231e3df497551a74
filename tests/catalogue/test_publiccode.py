"""An app as YAML: out and in again, and everything that must not come in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
import yaml

from service.catalogue import publiccode_reading, publiccode_writing, publiccode_yaml
from service.catalogue.schemas import AppContent
from service.kit.errors import ServiceError
from tests.catalogue.publiccode_files import PLACE, REAL, whole_file
from tests.catalogue.sides import CITY, OTHER

# What is told and cannot come out again: members of single contacts, and words that the standard does not know.
REPLACED = ("/maintenance/contacts/", "/maintenance/type", "/softwareType", "/categories/")
# What the catalogue itself says: the version it writes, where the app stands; Chinese under one name.
OURS_TO_SAY = ("/publiccodeYmlVersion", "/developmentStatus", "/description/zh-Hans/")
GOOD = {
    "publiccodeYmlVersion": "0.4",
    "name": "导入的应用",
    "categories": ["map"],
    "description": {"zh": {"shortDescription": "短", "longDescription": "长", "features": ["电子地图"]}},
}


def leaves(value: Any, at: str = "") -> Iterator[tuple[str, Any]]:
    """Pointer and value of everything that is neither list nor mapping, and says something."""
    if isinstance(value, dict | list):
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(each, f"{at}/{key}")
    elif value not in ("", None):
        yield at, value


async def sent(provider: Any, text: str) -> Any:
    return await provider("POST", "/apps/import", {"publiccode": text})


async def test_a_null_character_behind_an_escape_is_told_where(as_user: Any, publish: Any) -> None:
    ref = await publish("360000", "空字符应用", reach="province")
    answer = await as_user(CITY, "360102.user")("GET", f"/apps/{ref}/publiccode.yml")
    broken = answer.text.replace("name: 空字符应用", 'name: "空\\0字符"', 1)
    assert broken != answer.text
    told = await sent(as_user(OTHER, "app_provider"), broken)
    fault = told.json()["errors"][0]
    assert (told.status_code, fault["pointer"], fault["code"]) == (
        422,
        "/publiccode/name",
        "invalid_character",
    )


async def test_what_goes_out_comes_in_again(as_user: Any, publish: Any) -> None:
    ref = await publish(
        "360000", "往返应用", reach="province", cost={"amount_yuan": "12.50", "basis": "每次"}
    )
    answer = await as_user(CITY, "360102.user")("GET", f"/apps/{ref}/publiccode.yml")
    assert answer.headers["content-type"].startswith("application/yaml")
    document = yaml.safe_load(answer.content)
    assert document["developmentStatus"] == "stable"
    assert document["softwareVersion"] == "1.0"
    made = await sent(as_user(OTHER, "app_provider"), answer.text)
    assert made.status_code == 201, made.text
    there = made.json()
    whole = (await as_user(CITY, "360102.user")("GET", f"/apps/{ref}")).json()
    assert (there["name"], there["status"], there["reach"]) == ("往返应用", "draft", "province")
    assert there["content"] == whole["content"]
    assert there["id"].startswith(f"{OTHER}-"), "an import is one's own draft"


def test_what_is_edited_by_hand_is_read() -> None:
    text = publiccode_writing.dump(
        "应用", "available", "tenant", AppContent(category="map"), **PLACE
    ).decode()
    told = yaml.safe_load(text)
    told["tongjian"]["assumed"].remove("platforms")
    told["platforms"] = ["linux"]
    assert publiccode_reading.read(told).content.platforms == ["linux"]


@pytest.mark.parametrize("name", sorted(each.name for each in REAL.glob("*.yml")))
def test_real_files_are_read_and_come_out_whole(name: str) -> None:
    """Files in the manner of each version; what has no place is told and comes out again where it stood."""
    source = (REAL / name).read_text(encoding="utf-8")
    value = publiccode_reading._plain(publiccode_yaml.load(source))
    read = publiccode_reading.read(value)
    assert read.name and read.content.summary
    out = publiccode_yaml.load(
        publiccode_writing.dump(read.name, "pilot", "tenant", read.content, **PLACE).decode()
    )
    whole_file(out)
    assert publiccode_reading.read(out).content == read.content
    there = dict(leaves(out))
    lost = [at for at, said in leaves(value) if str(there.get(at)).strip() != str(said).strip()]
    silent = [at for at in lost if not at.startswith((*OURS_TO_SAY, *read.unread))]
    assert silent == [], "neither there again nor told"
    assert [at for at in lost if at.startswith((*read.unread,)) and not at.startswith(REPLACED)] == []


async def test_a_word_that_the_standard_lacks_is_told_and_not_fatal(as_user: Any) -> None:
    text = yaml.safe_dump({**GOOD, "maintenance": {"type": "commercial", "contacts": {"name": "值班"}}})
    made = await sent(as_user(CITY, "app_provider"), text)
    assert made.status_code == 201 and made.json()["unread"] == ["/maintenance/type"]
    assert made.json()["content"]["support"]["name"] == "值班"


@pytest.mark.parametrize(
    "further",
    [
        "categories: [{a: 1}, other, office]",
        "maintenance: {type: [x], contacts: 5}",
        "maintenance: 5",
        "maintenance: {contacts: [1, {name: [x]}]}",
        "localisation: {localisationReady: maybe}",
        "categories: 7",
    ],
)
def test_what_is_kept_beside_cannot_spoil_the_file(further: str) -> None:
    content = AppContent(category="map", further=further)
    whole_file(
        publiccode_yaml.load(publiccode_writing.dump("应用", "pilot", "tenant", content, **PLACE).decode())
    )


@pytest.mark.parametrize(
    "text", ['name: "\\UFFFFFFFF"', 'name: "\\ud800"', "a: !!int ''", "[" * 40, "a: &b 1\nc: *b"]
)
def test_what_is_no_yaml_of_ours_is_a_fault_of_the_sender(text: str) -> None:
    with pytest.raises(ServiceError) as found:
        publiccode_yaml.load(text)
    assert found.value.status == 422


@pytest.mark.parametrize(
    "version", ["0", "0.1", "0.2", "0.2.2", "0.3", "0.4.0", "0.5", "0.6", "0.7", "0.7.0"]
)
async def test_each_version_is_taken(as_user: Any, version: str) -> None:
    text = yaml.safe_dump({**GOOD, "publiccodeYmlVersion": version, "usedBy": ["某县"]}, allow_unicode=True)
    made = await sent(as_user(CITY, "app_provider"), text.replace(f"'{version}'", version))
    assert made.status_code == 201, made.text
    assert made.json()["unread"] == ["/usedBy"]
    assert made.json()["content"]["further"] == "usedBy:\n- 某县\n"


async def test_what_is_kept_besides_is_looked_at_like_a_file(as_user: Any) -> None:
    provider = as_user(CITY, "app_provider")
    base = {"name": "另有内容的应用", "category": "map"}
    for text, code in (
        ("a: &x [1]\nb: *x", "malformed_yaml"),
        ("- 1", "malformed_yaml"),
        ("a: 'x\x00'", "invalid_character"),
    ):
        refused = await provider("POST", "/apps", {**base, "further": text})
        assert refused.status_code == 422, refused.text
        assert [each["pointer"] for each in refused.json()["errors"]] == ["/further"]
        assert refused.json()["errors"][0]["code"] == code
    marked = await provider("POST", "/apps", {**base, "further": 'a: "\\u673a\\u5bc6\\u2605"'})
    assert (marked.status_code, marked.json()["code"]) == (422, "classified_material")
    made = await provider("POST", "/apps", {**base, "further": "usedBy: [某县]"})
    assert made.status_code == 201, made.text


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"name": ""}, "/publiccode/name", "wrong_type"),
        ({"publiccodeYmlVersion": "9"}, "/publiccode/publiccodeYmlVersion", "wrong_type"),
        ({"description": []}, "/publiccode/description", "wrong_type"),
        ({"tongjian": {"securityLevel": 5}}, "/publiccode/tongjian/securityLevel", "wrong_type"),
        ({"tongjian": {"securityLevel": True}}, "/publiccode/tongjian/securityLevel", "wrong_type"),
        (
            {"tongjian": {"interfaces": [{"name": "x", "openapi": "javascript:alert(1)"}]}},
            "/publiccode/tongjian/interfaces/0/openapi",
            "wrong_type",
        ),
        (
            {"tongjian": {"cost": {"amount_yuan": "1e3"}}},
            "/publiccode/tongjian/cost/amount_yuan",
            "wrong_type",
        ),
    ],
)
async def test_faults_are_pointed_at(
    as_user: Any, superuser: Any, change: dict[str, Any], pointer: str, code: str
) -> None:
    before = await superuser.fetchval("SELECT count(*) FROM apps")
    refused = await sent(
        as_user(CITY, "app_provider"), yaml.safe_dump({**GOOD, **change}, allow_unicode=True)
    )
    assert refused.status_code == 422, refused.text
    assert [(each["pointer"], each["code"]) for each in refused.json()["errors"]] == [(pointer, code)]
    assert await superuser.fetchval("SELECT count(*) FROM apps") == before


@pytest.mark.parametrize(
    "text",
    [
        "!!python/object/apply:os.system ['true']",
        "!!python/name:os.system",
        "a: &x [1]\nb: *x",
        "name: 甲\nname: 乙",
        "[" * 30 + "]" * 30,
        "[" * 9000,
        "a: b: c",
        "{[1]: 2}",
        "\x07",
        "--- a\n--- b\n",
        "2025-13-45",
        "a: !!int ''",
        "a: !!float ''",
        "a: !!bool maybe",
        "a: !!timestamp soon",
        'a: "\\ud800"',
    ],
)
async def test_unsafe_or_broken_yaml_is_refused(as_user: Any, text: str) -> None:
    refused = await sent(as_user(CITY, "app_provider"), text)
    assert refused.status_code == 422, refused.text
    assert refused.json()["errors"][0]["pointer"].startswith("/publiccode")
    assert text[:20] not in refused.text


async def test_size_and_shape_have_bounds(as_user: Any) -> None:
    provider = as_user(CITY, "app_provider")
    assert (await sent(provider, "#" * 32769)).status_code == 422
    for text in ("42", "甲", "[]", "null", "2025-01-01"):
        refused = await sent(provider, text)
        assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "wrong_type")


async def test_secrecy_marks_hide_behind_no_escape(as_user: Any, superuser: Any) -> None:
    document = yaml.safe_dump({**GOOD, "name": "机密★应用"}, allow_unicode=False)
    assert "机" not in document, "the gate alone would not see it"
    refused = await sent(as_user(CITY, "app_provider"), document)
    assert (refused.status_code, refused.json()["code"]) == (422, "classified_material")
    assert await superuser.fetchval("SELECT count(*) FROM apps WHERE name LIKE '%机密%'") == 0


def test_the_loader_says_nothing_of_what_it_read() -> None:
    with pytest.raises(ServiceError) as refused:
        publiccode_yaml.load("a: &secret [1]\nb: *secret")
    assert "secret" not in msgspec.json.encode(refused.value.body()).decode()
