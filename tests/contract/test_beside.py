"""No answer leaves a reader with a code: who acted, and every tenant, division and office, has its name beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from service.docs.described import reached
from tests.contract.operations import DOCUMENT

SCHEMAS: dict[str, Any] = DOCUMENT["components"]["schemas"]
CODE = re.compile(r"(?:.*_)?(?:tenant|division|by|actor|office_id|office_ids|login|user_id)")
# What has none beside it, and why.
WITHOUT = {
    ("AcceptanceReceipt", "tenant"): "sealed as issued; the filing that holds it names the tenant",
    ("ActionView", "blocked_by"): "no person: what stands in the way",
    ("AdoptionView", "office_id"): "adopter_name",
    ("AppView", "office_ids"): "ids that its provider gave and edits",
    ("AppView", "provider_office_id"): "the reader's own office",
    ("CatalogueEntryView", "used_by"): "no code: each names its tenant",
    ("CitedProject", "division"): "as the decision was sealed",
    ("CitedProject", "owner_office_id"): "as the decision was sealed",
    ("CitedProject", "tenant"): "as the decision was sealed",
    ("County", "division"): "name",
    ("IdentityDeskView", "office_id"): "the desk's name",
    ("Effect", "by_tenant"): "no code: each names its tenant",
    ("ExpertView", "employer_office_id"): "employer_name",
    ("ExpertView", "user_id"): "name",
    ("FeedItem", "tenant"): "as the event told it; its filing names office and project",
    ("FeedView", "office_id"): "the office that the maker chose by id",
    ("FrameworkView", "led_by"): "an organ's code or office as entered",
    ("ImportedView", "office_ids"): "ids that its provider gave and edits",
    ("ImportedView", "provider_office_id"): "the reader's own office",
    ("MeOffice", "office_id"): "name",
    ("Me", "login"): "name",
    ("Manager", "login"): "the login that its administrator entered, of whom nothing else need be known",
    ("Me", "tenant"): "an object with its name",
    ("ObligationView", "amended_by"): "documents",
    ("ObligationView", "owner_office_id"): "owner_name",
    ("OfficeView", "office_id"): "name",
    ("Owner", "office_id"): "name",
    ("PersonGoes", "login"): "name",
    ("RoundEffect", "by_tenant"): "no code: each names its tenant",
    ("UserView", "login"): "name",
}


def answered() -> list[str]:
    """The components that answers are made of."""
    return reached(
        SCHEMAS,
        [
            answer
            for methods in DOCUMENT["paths"].values()
            for operation in methods.values()
            for status, answer in operation.get("responses", {}).items()
            if status.startswith("2")
        ],
    )


def bare(name: str) -> Iterator[str]:
    properties = SCHEMAS[name].get("properties", {})
    for key in properties:
        beside = {f"{key}_person", f"{key}_name", f"{key.removesuffix('_id')}_name"}
        organ = key == "issued_by" and properties[key].get("type") == "array"
        if CODE.fullmatch(key) and not organ and properties.keys().isdisjoint(beside):
            yield key


def test_every_code_has_its_name() -> None:
    found = {(name, key) for name in answered() for key in bare(name)}
    assert found - WITHOUT.keys() == set()
    assert WITHOUT.keys() - found == set(), "listed, but not so"


def test_a_person_is_an_object_with_a_name() -> None:
    person = SCHEMAS["PersonView"]
    assert {"id", "kind", "name", "office_name"} <= set(person["required"])


def test_everything_asked_is_described_in_both_languages() -> None:
    """Members of requests (reached from their bodies) and parameters."""
    bodies: list[Any] = []
    bare = []
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            bodies.append(operation.get("requestBody", {}))
            bare += [
                f"{method} {path} {each['name']}"
                for each in operation.get("parameters", ())
                if "$ref" not in each and not each.get("description")
            ]
    for name in reached(SCHEMAS, bodies):
        for member, schema in SCHEMAS[name].get("properties", {}).items():
            if not schema.get("description"):
                bare.append(f"{name}.{member}")
    assert not bare
