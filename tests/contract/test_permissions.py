"""The permission matrix over HTTP, and what every single line of the policy carries.

The guard runs before anything is decoded, so a bare request is decisive: 403, or anything else.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from service.kit.authz import Policy
from service.kit.ids import new_id
from service.kit.policy_lines import Line
from tests import factories
from tests.conftest import Caller
from tests.contract.operations import EVERYBODY, GUARDED, Operation
from tests.lives import PROVINCE, TENANT, People

KINDS = ("new", "rebuild", "expand", "migrate", "maintain")
LINES = Policy().lines
PAIRS = sorted({(line.obj, line.act) for line in LINES})


def bare(operation: Operation) -> tuple[str, str]:
    """Method and address with an id that nobody has."""
    values = {name: new_id() for name in operation.path_names}
    values |= {"ref": f"{TENANT}-{new_id()}", "number": "1", "role": "unit", "action": "start"}
    return operation.method, operation.path.format_map(values)


@pytest.mark.long
@pytest.mark.parametrize("operation", GUARDED, ids=str)
async def test_403_exactly_where_the_matrix_says_no(operation: Operation, app: Any, find: People) -> None:
    method, path = bare(operation)
    for who in EVERYBODY:
        status, body = await knock(app, method, path, _token(find, who))
        expected = who not in operation.may
        assert (status == 403) is expected, f"{who} {operation.id}: {status} {body!r}"
        assert status < 500, body
        if expected:
            problem = json.loads(body)
            assert problem["code"] == "forbidden"
            # What was asked for, never another act under the same right.
            assert problem["detail"].startswith(f"“{operation.doc['summary']}”"), problem["detail"]


_tokens: dict[str, str] = {}


def _token(find: People, who: str) -> str:
    """One token per role serves the whole matrix."""
    if who not in _tokens:
        _tokens[who] = find(TENANT, who).token
    return _tokens[who]


async def knock(app: Any, method: str, path: str, token: str) -> tuple[int, bytes]:
    """A bare request straight into the application: ten thousand of them need no HTTP client."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    url = path
    headers = [(b"host", b"127.0.0.1:8000"), (b"authorization", f"Bearer {token}".encode())]
    headers += [(b"idempotency-key", new_id().encode())] if method != "GET" else []
    await app(
        {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": url,
            "raw_path": url.encode(),
            "root_path": "",
            "query_string": b"",
            "headers": headers,
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 8000),
            "state": {},
        },
        receive,
        send,
    )
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:])


async def test_without_a_token_nobody_gets_in(client: Any) -> None:
    for operation in GUARDED:
        method, path = bare(operation)
        answer = await client.request(method, path)
        assert (answer.status_code, answer.json()["code"]) == (401, "token_missing"), operation.id
        assert answer.headers["www-authenticate"].startswith("Bearer"), operation.id
        forged = await client.request(method, path, headers={"authorization": "Bearer x.y.z"})
        assert (forged.status_code, forged.json()["code"]) == (401, "token_invalid"), operation.id


# ---- every line carries its weight -----------------------------------------------------------------------


def requests(line: Line, who: str) -> list[tuple[str, str, Any]]:
    """The requests that a line opens: (method, path, body); without a body, the guard decides by itself."""
    pair = f"{line.obj}/{line.act}"
    direct = [(*bare(operation), None) for operation in GUARDED if operation.permission == pair]
    kind = line.obj.partition(".")[2]
    if line.act == "declare" and kind in KINDS:
        facts: dict[str, Any] = {"kind": kind}
        if kind in ("rebuild", "expand"):
            facts["previous_project_accepted"] = True
        if kind == "maintain":
            facts["negative"] = {}
        body = factories.draft(TENANT, facts=facts)
        if who != "city.portal":
            del body["owner_office_id"]
        return [("POST", "/api/v1/projects", body)]
    return direct


@pytest.fixture
def policy(app: Any) -> Iterator[Callable[[Policy], None]]:
    """Puts another policy in force, and the right one back."""
    state = app.app.state
    right = state.policy

    def swap(other: Policy) -> None:
        state.policy = state.services.policy = other

    yield swap
    swap(right)


@pytest.mark.long
@pytest.mark.parametrize(("obj", "act"), PAIRS, ids=map("/".join, PAIRS))
async def test_removing_a_line_closes_its_requests(
    obj: str, act: str, app: Any, policy: Callable[[Policy], None], find: People
) -> None:
    """What the matrix found open (above) is shut without the line; kinds of declaration are told by their body."""
    right: Policy = app.app.state.policy
    assert (obj, act) in right.pairs, f"{obj}/{act} is granted and no route asks for it"
    for line in (line for line in LINES if (line.obj, line.act) == (obj, act)):
        who = f"{line.tier}.{line.role}"
        caller: Caller = find(PROVINCE if line.tier == "province" else TENANT, who)
        listed = requests(line, who)
        assert listed, f"no request for {line.said}"
        narrower = right.without(line)
        for method, path, body in listed:
            policy(narrower)
            if body is None:
                status, told = await knock(app, method, path, caller.token)
                assert status == 403, f"{line.said}: {status} {told!r}"
                continue
            assert (await caller(method, path, body)).status_code == 403, line.said
            policy(right)
            answer = await caller(method, path, body)
            assert answer.status_code == 201, f"{line.said}: {answer.text}"
