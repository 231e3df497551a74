"""The tables of permissions against matrix.yaml, which was written without it, and against itself."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.kit.authn import Principal, Tier
from service.kit.authz import Pair, Policy
from service.kit.roles import ACCESS, TIERS, Roles, load_roles
from service.measures.organs import INVITED, THREE, Slot
from service.measures.organs import ROLES as SLOT_ROLES
from tests.matrix import load_matrix

USER = "018f0000-0000-7000-8000-000000000001"
MATRIX: dict[str, list[str]] = load_matrix()


def compiled() -> Policy:
    policy = Policy(strict=True)
    for line in policy.lines:
        policy.register(line.obj, line.act)
    policy.compile()
    return policy


POLICY = compiled()
ROLES = POLICY.roles
PAIRS = sorted(POLICY.pairs)


@cache
def caller(tier: str, *roles: str, login: str = "zhang", client: bool | None = None) -> Principal:
    """A person, or a client when the role is a client's."""
    alone = any(role in ROLES.clients for role in roles) if client is None else client
    known: dict[str, Tier] = {name: name for name in get_args(Tier)}
    user = None if alone else USER
    return Principal(
        "3601", known[tier], user, login, "portal-1" if alone else None, None, roles, 2.0, "t", 1.0
    )


def decisions(policy: Policy, pairs: Iterable[Pair] = tuple(PAIRS)) -> set[tuple[str, str, str, str]]:
    return {
        (role, tier, *pair)
        for tier, role in ROLES.valid
        for pair in pairs
        if policy.allowed(caller(tier, role), *pair)
    }


def test_every_operation_is_open_to_exactly_the_roles_of_its_row() -> None:
    for pair in PAIRS:
        expected = MATRIX["/".join(pair)]  # an operation without a row fails here
        assert len(expected) == len(set(expected)), pair
        actual = {f"{tier}.{role}" for tier, role in ROLES.valid if POLICY.allowed(caller(tier, role), *pair)}
        assert actual == set(expected), pair


def test_matrix_policy_and_names_know_the_same_operations() -> None:
    operations = {"/".join(pair) for pair in PAIRS}
    assert set(MATRIX) == operations == set(ROLES.operations)
    assert {f"{tier}.{role}" for tier, role in ROLES.valid} == {
        cell for row in MATRIX.values() for cell in row
    }


def test_the_table_is_what_enforce_answers() -> None:
    asked = {
        (role, tier, *pair)
        for tier, role in ROLES.valid
        for pair in PAIRS
        if POLICY.enforce(role, tier, *pair)
    }
    assert decisions(POLICY) == asked == {line[:4] for line in POLICY.lines}


names = st.one_of(
    st.sampled_from([role for _, role in ROLES.valid]), st.from_regex(r"[a-z_]{2,8}", fullmatch=True)
)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(TIERS), st.lists(names, max_size=4), st.sampled_from(PAIRS), st.booleans())
def test_enforce_is_the_oracle_for_any_set_of_roles(
    tier: str, roles: list[str], pair: Pair, client: bool
) -> None:
    expected = any(POLICY.enforce(role, tier, *pair) for role in roles if (role in ROLES.clients) is client)
    assert POLICY.allowed(caller(tier, *roles, client=client), *pair) is expected


BASE = decisions(POLICY)


def rows(policy: Policy, pair: Pair) -> object:
    """All that `allowed` answers from for a pair, of people and of clients."""
    return policy._people[pair], policy._clients[pair]


@pytest.mark.parametrize("resource", sorted({obj for obj, _ in PAIRS}))
def test_removing_a_line_takes_exactly_its_permission(resource: str) -> None:
    """Every other pair's answers are the same rows; the pair's own lack the line, and Casbin says so of each."""
    for pair in PAIRS:
        if pair[0] == resource:
            without_each_line(pair)


def without_each_line(pair: Pair) -> None:
    base = {decision for decision in BASE if decision[2:] == pair}
    own = [line for line in POLICY.lines if (line.obj, line.act) == pair]
    for line in own:
        narrower = POLICY.without(line)
        changed = [other for other in PAIRS if rows(narrower, other) != rows(POLICY, other)]
        assert changed == [pair], line.said
        assert decisions(narrower, [pair]) == base - {line[:4]}, line.said
        assert {each[:4] for each in own if narrower.enforce(*each[:4])} == base - {line[:4]}, line.said


@pytest.mark.parametrize("login", ["role:approver", "approver", "gatekeeper"])
def test_a_user_named_like_a_role_gains_nothing(login: str) -> None:
    plain, named = caller("county", "user"), caller("county", "user", login=login)
    assert [POLICY.allowed(named, *pair) for pair in PAIRS] == [
        POLICY.allowed(plain, *pair) for pair in PAIRS
    ]
    assert named.subjects == ("role:user",)


def test_rights_belong_to_the_tier_and_to_a_person_or_a_client() -> None:
    approve = ("project.city_filing", "approve")
    assert POLICY.allowed(caller("city", "approver"), *approve)
    assert not POLICY.allowed(caller("province", "approver"), *approve)
    assert not POLICY.allowed(caller("county", "approver"), *approve)
    assert not POLICY.allowed(caller("city", "approver", client=True), *approve), "approval needs a human"
    assert not POLICY.allowed(caller("city", "portal", client=False), "project", "declare")
    assert not POLICY.allowed(caller("city"), "me", "read"), "no role, no right"


def test_administrators_see_no_case_and_nobody_can_reject_a_filing() -> None:
    cases = [pair for pair in PAIRS if pair[0].split(".")[0] in {"project", "filing", "monitoring", "feed"}]
    assert cases
    assert not any(
        POLICY.allowed(caller(t, "administrator"), *pair) for t in ("city", "province") for pair in cases
    )
    assert not [
        act for obj, act in PAIRS if obj.startswith("filing") and act in {"reject", "return", "delete"}
    ]


def test_every_line_names_articles_of_the_measures() -> None:
    assert all(
        line.articles and all(1 <= article <= 45 for article in line.articles) for line in POLICY.lines
    )
    county = next(line for line in POLICY.lines if line[:4] == ("unit", "county", "project.new", "declare"))
    assert county.articles == (23,)


# ---- roles -----------------------------------------------------------------------------------------------

EXCLUDED = [
    ("gatekeeper", "approver"), ("unit", "gatekeeper"), ("unit", "approver"), ("department", "office"),
    ("department", "drc"), ("department", "finance"), ("supervisor", "office"), ("supervisor", "drc"),
    ("supervisor", "finance"), ("administrator", "unit"), ("administrator", "gatekeeper"),
    ("administrator", "approver"), ("administrator", "office"), ("administrator", "drc"),
    ("administrator", "finance"), ("administrator", "supervisor"), ("administrator", "department"),
    ("office", "drc"), ("office", "finance"), ("drc", "finance"),
    # A city's supervision, as the province's (art. 39).
    ("supervisor", "gatekeeper"), ("supervisor", "approver"), ("supervisor", "unit"), ("auditor", "agency"),
    # Who commissions or decides neither draws the experts nor scores (art. 18).
    ("agency", "office"), ("agency", "drc"), ("agency", "gatekeeper"), ("agency", "approver"), ("expert", "agency"),
    ("expert", "office"), ("expert", "drc"), ("expert", "gatekeeper"), ("expert", "approver"),
    # Who confirms an adoption does not grant it (art. 23).
    ("app_provider", "gatekeeper"),
]  # fmt: skip


@pytest.mark.parametrize("pair", EXCLUDED, ids="-".join)
def test_roles_that_check_each_other_are_not_held_by_one_person(pair: tuple[str, str]) -> None:
    assert ROLES.conflict(pair) == pair
    assert ROLES.conflict(reversed(pair)) == (pair[1], pair[0])
    assert ROLES.conflict(["user", *pair]) is not None


def test_roles_that_go_together() -> None:
    assert ROLES.conflict(["user", "unit"]) is None
    assert ROLES.conflict(["unit", "unit"]) is None
    assert ROLES.conflict([]) is None
    assert ROLES.conflict(["administrator"]) is None


def test_a_person_is_never_a_portal() -> None:
    assert "portal" not in ROLES.grantable("city")
    assert {"gatekeeper", "approver", "unit", "administrator"} <= set(ROLES.grantable("city"))
    assert ("city", "portal") in ROLES.valid
    assert ROLES.grantable("county") == ("user", "unit")


# ---- files that must not load ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "project | read | city.unit",  # no article
        "project | read | city.unit | 13 # why",
        "project | read | unit | 13",
        "project | read | county.unit | 13, 14",
        "project | read | county.approver | 13",  # no such role in that tier
        "project | read | everybody | 13",
        "Project | read | city.unit | 13",
        "project | .* | city.unit | 13",
        "project | read read | city.unit | 13",
        "project | read | units city.unit | 13",
        "project | read | city.unit | 13\nproject | read edit | units | 14",
    ],
)
def test_a_line_is_understood_or_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "some.txt"
    path.write_text(text + "\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"some\.txt:\d: "):
        Policy(policy_path=path, roles=ROLES)


def test_roles_file_is_checked(tmp_path: Path) -> None:
    path = tmp_path / "roles.yaml"
    text = (ACCESS / "roles.yaml").read_text(encoding="utf-8")
    assert isinstance(load_roles(ACCESS / "roles.yaml"), Roles)
    path.write_text(text.replace("[unit, gatekeeper]", "[unit, gatekeper]"), encoding="utf-8")
    with pytest.raises(ValueError, match="gatekeper"):
        load_roles(path)
    path.write_text(text.replace("[unit, gatekeeper]", "[unit, unit]"), encoding="utf-8")
    with pytest.raises(ValueError, match="two different"):
        load_roles(path)
    for wrong in ("city.nobody", "owners", "city.unit city.unit", "watch units city.unit"):
        path.write_text(re.sub("(?m)^  units: .*$", f"  units: {wrong}", text), encoding="utf-8")
        with pytest.raises(ValueError, match="group units"):
            load_roles(path)


def test_whoever_can_owe_reads_what_he_owes_and_takes_it_to_his_calendar() -> None:
    """Duties are of slots (measures/organs.py): whatever role holds one, invited to a joint review or not."""
    for tier, slots in SLOT_ROLES.items():
        for slot in (*THREE, *INVITED, Slot.AGENCY):
            who = caller(tier.value, slots[slot])
            for act in ("list", "feed"):
                assert POLICY.allowed(who, "obligation", act), (tier, slot, act)
