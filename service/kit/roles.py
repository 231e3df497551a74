"""The roles there are, which of them one person may not hold together, and the groups that permissions name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import yaml

from service import vocabulary

ACCESS = Path(__file__).resolve().parents[2] / "policies" / "access"
TIERS = ("province", "city", "county")


@dataclass(frozen=True, slots=True)
class Roles:
    """roles.yaml: who exists in which tier, who may not be one person, and Chinese names."""

    names: Mapping[tuple[str, str], str]
    clients: frozenset[str]
    exclusions: frozenset[frozenset[str]]
    alone: frozenset[str]
    declaring: frozenset[str]
    on_a_case: frozenset[frozenset[str]]
    operations: Mapping[str, str]
    groups: Mapping[
        str, tuple[str, ...]
    ]  # what a permission may be given to: `tier.role`s, each also by itself

    @property
    def valid(self) -> tuple[tuple[str, str], ...]:
        """Every (tier, role) that exists."""
        return tuple(self.names)

    def grantable(self, tier: str) -> tuple[str, ...]:
        """The roles a person may hold in a tier (client roles left out)."""
        return tuple(role for where, role in self.names if where == tier and role not in self.clients)

    def apart(self, one: str, other: str) -> bool:
        """Whether one person, over all time, may not have both roles' hands on one case (law.md, trap 20).

        Beyond what nobody may hold together: whoever declared a case does not judge it, in whatever office, and
        what roles.yaml keeps apart on a case only.
        """
        if one == other:
            return False
        if frozenset((one, other)) in self.on_a_case:
            return True
        sides = (one in self.declaring, other in self.declaring)
        return self.conflict((one, other)) is not None or sides[0] is not sides[1]

    def conflict(self, roles: Iterable[str]) -> tuple[str, str] | None:
        """The first two roles that one person cannot hold together, or None."""
        for one, other in combinations(dict.fromkeys(roles), 2):
            if frozenset((one, other)) in self.exclusions or one in self.alone or other in self.alone:
                return one, other
        return None


def load_roles(path: Path = ACCESS / "roles.yaml") -> Roles:
    """Reads roles.yaml; what roles and operations are called stands in the vocabulary.

    ValueError when it names a role that no tier has, or that has no name.
    """
    raw = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    called = vocabulary.names("tier_role")
    listed = [(tier, role) for tier, roles in raw["tiers"].items() for role in roles]
    if {f"{tier}.{role}" for tier, role in listed} != called.keys():
        raise ValueError(f"{path}: roles and their names differ")
    names = {(tier, role): called[f"{tier}.{role}"] for tier, role in listed}
    known = {role for _, role in names}
    pairs = [*raw["exclusions"], *raw["apart"]]
    mentioned = {
        *raw["clients"],
        *raw["alone"],
        *raw["declaring"],
        *(role for pair in pairs for role in pair),
    }
    if {tier for tier, _ in names} != set(TIERS) or not mentioned <= known:
        raise ValueError(f"{path}: unknown tier or role {sorted(mentioned - known)}")
    exclusions, apart = (frozenset(frozenset(pair) for pair in raw[name]) for name in ("exclusions", "apart"))
    if any(len(pair) != 2 for pair in exclusions | apart):
        raise ValueError(f"{path}: an exclusion names two different roles")
    return Roles(
        names,
        frozenset(raw["clients"]),
        exclusions,
        frozenset(raw["alone"]),
        frozenset(raw["declaring"]),
        apart,
        vocabulary.names("permission"),
        _groups(path, raw["groups"], called),
    )


def _groups(path: Path, raw: Mapping[str, str], roles: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Each group with its roles; a group is made of roles and of groups written before it."""
    found: dict[str, tuple[str, ...]] = {role: (role,) for role in roles}
    for name, text in raw.items():
        parts = text.split()
        if name in found or not found.keys() >= set(parts):
            raise ValueError(f"{path}: group {name} is there already, or names none before it: {text}")
        members = [member for part in parts for member in found[part]]
        if len(set(members)) != len(members):
            raise ValueError(f"{path}: group {name} names somebody twice")
        found[name] = tuple(members)
    return found
