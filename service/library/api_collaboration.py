"""/projects/{id}/framework and /projects/{id}/links: building together across departments and levels (art. 12)."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.kit.api import Answer, Call, operation
from service.kit.command import routes_of
from service.kit.db import own
from service.kit.errors import or_404
from service.kit.ids import parse_ref
from service.library import frameworks, links
from service.library.queries_collaboration import (
    FRAMEWORK,
    INVITATIONS,
    LINKS,
    PARENTS,
    SIGNATURES,
    STANDARDS,
)
from service.library.schemas_collaboration import (
    FrameworkView,
    InvitationList,
    Links,
)
from service.projects.api import read_case
from service.projects.case import in_reach


@operation(
    "GET",
    "/projects/{ref:str}/framework",
    resource="framework",
    action="read",
    summary="读取框架方案",
    tag="frameworks",
    where="cases",
    answer=FrameworkView,
)
async def read(call: Call) -> Answer:
    """参建部门看到方案和会签情况。"""
    ref = parse_ref(call.path("ref"))
    in_reach(call.principal, ref, call.scope)
    row = or_404(await call.door.row(call.scope, FRAMEWORK, tenant_id=ref.tenant, project_id=ref.id))
    signed = await call.door.fetch(call.scope, SIGNATURES, tenant_id=ref.tenant, id=row["id"])
    return Answer(frameworks.framework_view(row, signed), version=row["version"])


@operation(
    "GET",
    "/projects/{ref:str}/links",
    resource="link",
    action="read",
    summary="跨层级协同关系",
    tag="links",
    where="cases",
    answer=Links,
)
async def read_links(call: Call) -> Answer:
    """作为牵头项目的各地进展和要求，作为子项目的牵头项目和要求。"""
    case = await read_case(call, call.path("ref"))
    of = {"tenant_id": case.tenant_id, "project_id": case.id}
    asked = await call.door.fetch(call.scope, LINKS, **of)
    standards = await call.door.fetch(call.scope, STANDARDS, **of)
    parents = await call.door.fetch(call.scope, PARENTS, **of)
    return Answer(
        Links(
            [links.link_view(row) for row in asked],
            [links.standard_view(row) for row in standards],
            [links.invitation_view(row) for row in parents],
        )
    )


@operation(
    "GET",
    "/link-invitations",
    resource="link",
    action="answer",
    summary="收到的协同邀请",
    tag="links",
    answer=InvitationList,
)
async def invitations(call: Call) -> Answer:
    """本地区收到的邀请，新的在前。"""
    rows = await call.door.fetch(own(call.principal), INVITATIONS, tenant_id=call.principal.tenant)
    return Answer(InvitationList([links.invitation_view(row) for row in rows]))


ROUTES: list[HTTPRouteHandler] = [
    read,
    *routes_of(frameworks),
    read_links,
    invitations,
    *routes_of(links),
]
