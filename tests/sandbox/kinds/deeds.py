"""What the recipes of the contract tests leave out: the other answer, the next step, what only time brings."""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable
from typing import Any

from service.kit.ids import new_id
from service.sheets.declared import RUNNING
from tests.contract.operations import BY_ID
from tests.contract.recipes import prepare
from tests.contract.recipes_library_joint import _departments, _opened, _police
from tests.lives import APPROVAL, TENANT
from tests.sandbox.kinds.playing import Portal
from tests.sheets.books import RUNNING as RUNNING_HEAD
from tests.sheets.books import running, xlsx
from tests.webhooks.receiver import Receiver

Play = Callable[..., Awaitable[Any]]


def playing(portal: Any) -> Play:
    """play(act, ref, **more) as the portal: what the desk was answered, whatever that is."""

    async def play(act: str, ref: str | None = None, *, ok: bool = True, **more: Any) -> Any:
        body = {"act": act, **({} if ref is None else {"ref": ref}), **more}
        answer = await portal("POST", "/sandbox/play", body)
        assert answer.is_success is ok, f"{act}: {answer.text}"
        return answer.json()

    return play


async def refusals(play: Play, world: Portal) -> None:
    """The other answer of whoever confirms: clients, sign-in, an amendment; an approval over the limit."""
    for name in ("clients_confirm", "issuers_confirm"):
        ready = await prepare(BY_ID[name], world)
        await play(name, ready.path["ref"], body={"accepted": False})
    ready = await prepare(BY_ID["rulebook_amendment_confirm"], world)
    await play("rulebook_amendment_confirm", ready.path["ref"], body={**ready.body, "accepted": True})
    case = await world.gatekept(investment_yuan="4900000.00")
    over = {**APPROVAL, "approved_amount_yuan": "5000000.00"}
    await play("approve", case.id, ok=False, body=over)


async def apps(play: Play, world: Portal, accepted: str) -> None:
    """Published again; a draft made of an accepted project."""
    ready = await prepare(BY_ID["apps_publish"], world)
    await play("apps_publish", ready.path["ref"], body={"status": "pilot"})
    await play("apps_edit", ready.path["ref"], body={"summary": "又改过的说明"})
    await play("apps_publish", ready.path["ref"], body={"status": "pilot"})
    await play("apps_from_project", body={"project_id": accepted, "source": ["源代码移交清单"]})


async def together(play: Play, world: Portal, carried: Callable[[], Awaitable[None]]) -> None:
    """A department leads, the city joins with a project of its own; a framework that all of its parties sign."""
    lead = await _departments(world)
    asked = await play("links_invite", lead.id, body={"child_tenant": TENANT, "task": "参与共建"})
    await carried()
    link, mine = asked["body"]["id"].partition("-")[2], await world.submitted()
    await play("links_answer", f"{TENANT}-{link}", body={"join": True, "project_id": mine.id})
    await play("links_set_standard", lead.id, body={"text": "统一接口规范", "on": "2026-02-01"})
    await carried()
    await play("pass", mine.id)
    await carried()
    case, login = await _opened(world), f"p{new_id()[-10:]}"
    person = {"login": login, "name": "公安局经办人", "office_id": _police(TENANT)[1]}
    made = await play("users_create", by="administrator", body=person)
    await play("users_grant", made["body"]["id"], by="administrator", parts={"role": "unit"})
    for who in ("info_centre", "unit", login):
        await play("frameworks_sign", case.id, by=who, body={"edition": 1})
    await play("frameworks_conclude", case.id, body={"edition": 1})


async def ended(play: Play, receiver: Receiver, sent: Callable[[], Awaitable[None]]) -> None:
    """A receiver that wants no more."""
    receiver.answer = lambda _got: 410
    made = await play("webhooks_create", body={"url": receiver.url})
    await play("webhooks_test", made["body"]["id"])
    await sent()


async def sheet(play: Play) -> None:
    """A workbook of running projects, which another person puts in force."""
    file = base64.b64encode(xlsx([RUNNING_HEAD, running(f"在建项目{new_id()[-6:]}")])).decode()
    sent = await play("workbooks_send", by="gatekeeper", query={"sheet": RUNNING.name}, file=file)
    state = "checking"
    while state == "checking":
        state = (await play("workbooks_read", sent["body"]["id"], by="gatekeeper"))["body"]["state"]
    assert state == "checked", state


async def evaluated(play: Play, accepted: str) -> None:
    """Half a year after its acceptance: evaluated, scored, given up."""
    await play("evaluate", accepted)
    await play("score", accepted)
    await play("retire", accepted)


async def emptied(play: Play, world: Portal) -> None:
    """Nobody is at a desk any more, and something goes there."""
    for login in ("gatekeeper",):
        found = await play("users_list_page", by="security_admin", query={"login": login}, ok=True)
        (user,) = [each for each in found["body"]["items"] if each["login"] == login]
        await play("users_lock", user["id"], by="security_admin", body={"reason": "核查"})
    await world.submitted()
