"""Malformed principals, the guard in a real Litestar app, refusals in words, strict and quiet policies."""

from __future__ import annotations

import math
from typing import Any

import pytest
from litestar import Litestar, get
from litestar.connection import Request
from litestar.response import Response
from litestar.testing import TestClient

from service.kit.authn import Principal
from service.kit.authz import PRINCIPAL, Policy, Requirement, check, requires
from service.kit.errors import ServiceError

USER = "018f0000-0000-7000-8000-000000000001"


def person(role: str, tier: Any = "city") -> Principal:
    return Principal("3601", tier, USER, "zhang", None, None, (role,), 2.0, "t", 1.0)


GOOD: dict[str, Any] = {
    "tenant": "36",
    "tier": "city",
    "user": USER,
    "login": None,
    "client": None,
    "office": None,
    "roles": ("unit",),
    "expires": 2.0,
    "token_id": "t",
    "issued": 1.0,
}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("tenant", "3601\n"),
        ("tenant", "36'; reset role; --"),
        ("tenant", "3"),
        ("tenant", "赣江新区"),
        ("tenant", "3" * 17),
        ("office", USER + "\n"),
        ("office", "-" * 36),
        ("office", "*"),
        ("tier", "town"),
        ("user", "zhang"),
        ("user", None),
        ("roles", ("role:unit",)),
        ("roles", ("Unit",)),
        ("login", "a\nb"),
        ("client", ""),
        ("token_id", ""),
        ("expires", math.nan),
        ("issued", math.inf),
    ],
)
def test_a_malformed_principal_cannot_exist(field: str, value: object) -> None:
    Principal(**GOOD)
    with pytest.raises(ValueError, match=r".+"):
        Principal(**(GOOD | {field: value}))


@get("/gatekeep", guards=[requires("project", "gatekeep", ("project.new", "declare"))])
async def gatekeep() -> str:
    return "done"


def problem(_: Request[Any, Any, Any], error: ServiceError) -> Response[dict[str, Any]]:
    return Response(error.body(), status_code=error.status, headers=error.headers)


def served(principal: Principal | None) -> Any:
    """The app as create_app joins it: a middleware leaves the principal, guards register their pairs."""

    def authentication(app: Any) -> Any:
        async def run(scope: Any, receive: Any, send: Any) -> None:
            scope[PRINCIPAL] = principal
            await app(scope, receive, send)

        return run

    app = Litestar([gatekeep], middleware=[authentication], exception_handlers={ServiceError: problem})
    policy = Policy(strict=True)
    for route in app.routes:
        for handler in getattr(route, "route_handlers", []):
            policy.register_guards(handler.resolve_guards())
    policy.compile()
    app.state.policy = policy
    with TestClient(app) as client:
        return client.get("/gatekeep")


def test_the_guard_lets_the_role_pass() -> None:
    assert served(person("gatekeeper")).status_code == 200


def test_the_guard_refuses_in_words_and_articles() -> None:
    answer = served(person("unit"))
    assert answer.status_code == 403
    assert answer.json()["code"] == "forbidden"
    assert answer.json()["articles"] == [9, 23]
    assert answer.json()["detail"] == (
        "“统筹把关”不在当前角色（市级项目单位人员）的权限内；依据第九条、第二十三条，由设区市统筹把关人员办理"
    )


def test_the_guard_asks_for_a_token() -> None:
    answer = served(None)
    assert (answer.status_code, answer.json()["code"]) == (401, "token_missing")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="tongjian"'


def test_a_guard_can_be_listed() -> None:
    guard = requires("project", "declare", ("project.new", "declare"), ("project.expand", "declare"))
    assert isinstance(guard, Requirement)
    assert (guard.resource, guard.action) == ("project", "declare")
    policy = Policy()
    policy.register_guards([guard, print])
    assert policy.pairs == set(guard.pairs) and len(guard.pairs) == 3
    assert ("project", "gatekeep") in policy.idle and guard.pairs[0] not in policy.idle


def test_what_nobody_registered_is_refused_and_loud_in_development() -> None:
    quiet, loud = Policy(), Policy(strict=True)
    for policy in (quiet, loud):
        policy.register("me", "read")
        policy.compile()
        assert policy.allowed(person("unit"), "me", "read")
    assert not quiet.allowed(person("gatekeeper"), "project", "gatekeep"), (
        "granted by the file, asked by no route"
    )
    with pytest.raises(LookupError, match="project/gatekeep"):
        loud.allowed(person("gatekeeper"), "project", "gatekeep")


def test_before_compiling_nothing_is_allowed() -> None:
    policy = Policy()
    policy.register("me", "read")
    assert not policy.allowed(person("unit"), "me", "read")


@pytest.mark.parametrize(
    "pair", [("", ""), ("project", ""), ("project", "read\n"), ("project.*", "read"), ("a.b.c", "d")]
)
def test_malformed_pairs_are_not_registered(pair: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match="malformed"):
        Policy().register(*pair)


def test_check_inside_an_action() -> None:
    policy = Policy()
    policy.register("project.city_filing", "approve")
    policy.register("nothing", "grants_this")
    policy.compile()
    check(policy, person("approver"), "project.city_filing", "approve")
    with pytest.raises(ServiceError) as caught:
        check(policy, person("drc", "province"), "project.city_filing", "approve")
    assert caught.value.status == 403 and "设区市批复人员" in caught.value.detail
    with pytest.raises(ServiceError) as caught:
        check(policy, person("approver"), "nothing", "grants_this")
    assert caught.value.detail == "“nothing/grants_this”不在当前角色（设区市批复人员）的权限内"


def test_one_line_less_is_a_403() -> None:
    policy = Policy()
    policy.register("project.city_filing", "approve")
    policy.compile()
    line = next(line for line in policy.lines if line.act == "approve")
    less = policy.without(line)
    assert not less.allowed(person("approver"), "project.city_filing", "approve")
    assert policy.allowed(person("approver"), "project.city_filing", "approve"), "the original is untouched"
