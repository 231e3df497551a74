"""What a role may do: Casbin decides at start, a table answers at run time.

`policies/access/permissions` is the law (a table per chapter); the table here is filled only by asking the
enforcer, once per line of a pair that a route registers. What nobody registered, and what no line
allows, is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from copy import copy
from pathlib import Path
from typing import Any, ClassVar

import casbin  # type: ignore[import-untyped,unused-ignore]
from litestar.connection import ASGIConnection
from litestar.handlers.base import BaseRouteHandler

from service.kit.authn import Principal, missing_token
from service.kit.errors import ServiceError
from service.kit.policy_lines import Line, read_lines
from service.kit.roles import ACCESS, TIERS, Roles, load_roles

PRINCIPAL = "tj.principal"  # where the authentication middleware leaves the caller in the ASGI scope

Pair = tuple[str, str]
Table = dict[Pair, dict[str, frozenset[str]]]  # pair -> tier -> roles that may

_NAME = re.compile(r"[a-z_]+(\.[a-z_]+)?")


class Policy:
    """The permissions, compiled. Not usable before `compile()`: until then everything is refused.

    `strict` (development and tests) raises LookupError for a pair that nobody registered, since that is a
    programming error; in production it is just a refusal. `beside`: lines of one deployment (the sandbox's).
    """

    # What Casbin said of a pair's lines; the same for every application of the process.
    _answers: ClassVar[dict[tuple[Path, tuple[Line, ...]], tuple[tuple[str, str], ...]]] = {}

    def __init__(
        self,
        model_path: Path = ACCESS / "model.conf",
        policy_path: Path = ACCESS / "permissions",
        *,
        beside: Path | None = None,
        roles: Roles | None = None,
        strict: bool = False,
    ) -> None:
        self.roles = roles or load_roles(ACCESS / "roles.yaml")
        self.lines = read_lines(policy_path, self.roles.groups)
        if beside is not None:
            self.lines += read_lines(beside, self.roles.groups)
        self._model, self._strict = model_path, strict
        self._enforcer = _enforcer(model_path, self.lines)
        self._of_pair = _by_pair(self.lines)
        self._pairs: set[Pair] = set()
        self._people: Table = {}
        self._clients: Table = {}

    def register(self, obj: str, act: str) -> None:
        """Notes a pair that a route (or the action behind it) asks for; `compile()` afterwards."""
        if not (_NAME.fullmatch(obj) and _NAME.fullmatch(act)):
            raise ValueError(f"malformed pair {obj!r}/{act!r}")  # also: casbin lets empty strings pass
        self._pairs.add((obj, act))

    def register_guards(self, guards: Iterable[object]) -> None:
        """Registers the pairs of every `requires(...)` among the guards; other guards are passed over."""
        for guard in guards:
            if isinstance(guard, Requirement):
                for pair in guard.pairs:
                    self.register(*pair)

    @property
    def pairs(self) -> frozenset[Pair]:
        """The registered pairs."""
        return frozenset(self._pairs)

    @property
    def idle(self) -> frozenset[Pair]:
        """Pairs the policy grants but no route asks for: dead lines."""
        return frozenset((line.obj, line.act) for line in self.lines) - self._pairs

    def enforce(self, role: str, tier: str, obj: str, act: str) -> bool:
        """Casbin's own answer (50 µs): fills the table and is the oracle of its test."""
        return bool(self._enforcer.enforce(f"role:{role}", tier, obj, act))

    def compile(self) -> None:
        """Fills the table by asking Casbin for every registered pair and each (tier, role) that a line of it names.

        Asking for all the others took most of a process's start; that Casbin refuses them is a test's to show.

        A client's role counts only for a client on its own and a person's only for a person: so whatever
        needs a human (gatekeeping, approval) has one.
        """
        self._people, self._clients = {}, {}
        for pair in self._pairs:
            self._ask(pair, self._of_pair.get(pair, ()))

    def _ask(self, pair: Pair, lines: tuple[Line, ...]) -> None:
        known = (self._model, lines)
        if known not in Policy._answers:
            Policy._answers[known] = tuple(
                (line.tier, line.role) for line in lines if self.enforce(line.role, line.tier, *pair)
            )
        may = Policy._answers[known]
        for table, wanted in ((self._people, False), (self._clients, True)):
            table[pair] = {
                tier: frozenset(r for t, r in may if t == tier and (r in self.roles.clients) is wanted)
                for tier in TIERS
            }

    def allowed(self, principal: Principal, obj: str, act: str) -> bool:
        """Whether any role of the caller may do this in the caller's tier."""
        row = (self._clients if principal.user is None else self._people).get((obj, act))
        if row is None:
            if self._strict:
                raise LookupError(f"{obj}/{act} was never registered")
            return False
        return not row[principal.tier].isdisjoint(principal.roles)

    def holders(self, tier: str, *pairs: Pair) -> list[str]:
        """The roles of a tier whose people may do all of this."""
        return sorted(frozenset.intersection(*(self._people[pair][tier] for pair in pairs)))

    def refusal(self, principal: Principal, obj: str, act: str, name: str | None = None) -> ServiceError:
        """The 403: which operation (`name`: what was asked for, where one right serves several), whose, by what."""
        lines = self._of_pair.get((obj, act), ())
        here = [line for line in lines if line.tier == principal.tier] or lines
        label = name or self.roles.operations.get(f"{obj}/{act}", f"{obj}/{act}")
        names = self.roles.names
        own = "、".join(names.get((principal.tier, role), role) for role in principal.roles) or "无"
        detail = f"“{label}”不在当前角色（{own}）的权限内"
        articles = sorted({article for line in here for article in line.articles})
        if here:
            holders = "、".join(dict.fromkeys(names[line.tier, line.role] for line in here))
            detail += f"；依据{'、'.join(map(_article, articles))}，由{holders}办理"
        return ServiceError(403, "forbidden", detail, articles=articles)

    def without(self, line: Line) -> Policy:
        """The same policy less one line, compiled: shows in tests that the line carries its weight.

        Casbin is asked anew whether the line's role may still; the model compares role, tier and pair and no more.
        """
        other = copy(self)
        other.lines = tuple(each for each in self.lines if each != line)
        pair = (line.obj, line.act)
        of_pair = tuple(each for each in self._of_pair.get(pair, ()) if each != line)
        other._of_pair = {**self._of_pair, pair: of_pair}
        other._enforcer = _enforcer(self._model, of_pair or other.lines[:1])
        other._people, other._clients = dict(self._people), dict(self._clients)
        if not other.enforce(line.role, line.tier, *pair):
            for table in (other._people, other._clients):
                table[pair] = {**table[pair], line.tier: table[pair][line.tier] - {line.role}}
        return other


def check(policy: Policy, principal: Principal, obj: str, act: str, name: str | None = None) -> None:
    """For actions that know the finer object only after reading the body; 403 unless allowed."""
    if not policy.allowed(principal, obj, act):
        raise policy.refusal(principal, obj, act, name)


class Requirement:
    """A Litestar guard that states what it asks, so that routes can be registered and listed.

    Asynchronous because Litestar would send a synchronous guard to a thread.
    """

    __slots__ = ("action", "pairs", "resource")

    def __init__(self, resource: str, action: str, then: tuple[Pair, ...]) -> None:
        self.resource, self.action = resource, action
        self.pairs: tuple[Pair, ...] = ((resource, action), *then)

    async def __call__(
        self, connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler
    ) -> None:
        principal: Principal | None = connection.scope.get(PRINCIPAL)  # type: ignore[assignment]
        if principal is None:
            raise missing_token()
        asked = getattr(handler.opt.get("spec"), "summary", None)
        check(connection.app.state.policy, principal, self.resource, self.action, asked)


def requires(obj: str, act: str, *then: Pair) -> Requirement:
    """Guards a route by (obj, act); `then` names the pairs its action checks later with `check`."""
    return Requirement(obj, act, then)


def _by_pair(lines: Iterable[Line]) -> dict[Pair, tuple[Line, ...]]:
    found: dict[Pair, tuple[Line, ...]] = {}
    for line in lines:
        found[line.obj, line.act] = (*found.get((line.obj, line.act), ()), line)
    return found


class _Enforcer(casbin.FastEnforcer):  # type: ignore[misc,unused-ignore]
    """Casbin's, which reads the model's matcher once and not for every question."""

    _read: Any = None

    def _get_expression(self, expr: str, functions: Any = None) -> Any:
        if self._read is None:
            self._read = casbin.FastEnforcer._get_expression(expr, functions)
        return self._read


def _enforcer(model_path: Path, lines: tuple[Line, ...]) -> Any:
    # The fast enforcer looks at the lines of one role and object (0 and 2 of a request); of a pair there are a dozen.
    enforcer = _Enforcer(str(model_path), cache_key_order=[0, 2])
    rules = enforcer.model["p"]["p"].policy
    for line in lines:  # as its adapters put them there, which would parse each of them once more
        rules.append(line.fields)
    if len(enforcer.get_policy()) != len(lines):
        raise ValueError("casbin did not take every line")
    return enforcer


def _article(number: int) -> str:
    digits = " 一二三四五六七八九"
    tens, ones = divmod(number, 10)
    return f"第{digits[tens] if tens > 1 else ''}{'十' if tens else ''}{digits[ones] if ones else ''}条"
