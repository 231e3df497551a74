"""Art. 12 as it is played: a city's information centre settles the framework of a jointly built project."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from service.demo.client import Client, Refused, Reply, Who
from service.demo.directory import Directory

GATE = "framework_agreed"  # what shuts the city's approval while it lacks
CENTRE = "info_centre"  # the centre's party, and the login and role of its people
_TEXT = {
    "goals": "（演示）各参建部门一次建成、共同使用",
    "content": "（演示）共用的数据底座和业务协同，各自的业务模块",
}


def wanted(refusal: Refused) -> bool:
    """Whether an approval was refused for want of a framework."""
    return refusal.problem.get("gate") == GATE


async def settle(client: Client, directory: Directory, project: Mapping[str, Any], today: date) -> Reply:
    """Opened with the participants that have an office here, signed by each, concluded; the case as it then stands.

    What an earlier start left half done is gone on with.
    """
    tenant, path = str(project["tenant"]), f"/projects/{project['id']}"
    centre = Who(tenant, CENTRE)
    try:
        framework = (await client.get(centre, f"{path}/framework")).data
    except Refused as refusal:
        if refusal.status != 404:
            raise
        names = project["facts"]["participating_offices"]
        body = {**_TEXT, "participants": await directory.named(tenant, names, today.isoformat())}
        framework = (await client.send(centre, "POST", f"{path}/framework", body)).data
    edition = {"edition": framework["edition"]}
    for party in framework["parties"]:
        if party["signed_at"] is None:
            office, name = party["party"], party["name"]
            who = centre if office == CENTRE else await directory.signer(tenant, office, name)
            await client.send(who, "POST", f"{path}/framework/sign", edition)
    seen = await client.get(centre, path)
    return await client.send(centre, "POST", f"{path}/framework/conclude", edition, etag=seen.etag)
