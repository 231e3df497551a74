"""Recipes of drafts; see recipes.py."""

from __future__ import annotations

import io
import itertools

import docx

from tests.contract import recipes_acceptance as acceptance
from tests.contract.recipes import recipe
from tests.lives import Ready, World, good
from tests.lives import reviews as r


@recipe("papers_approval")
async def _(w: World) -> Ready:
    return Ready("city.approver", {"ref": (await w.gatekept()).id})


@recipe("papers_rectification")
async def _(w: World) -> Ready:
    return Ready("city.gatekeeper", {"ref": (await w.gatekept()).id})


@recipe("papers_appraisal")
async def _(w: World) -> Ready:
    case = await r.scored(w, await w.gatekept(), "city")
    return Ready("city.agency", {"ref": case.id})


@recipe("papers_acceptance")
async def _(w: World) -> Ready:
    case = await acceptance.opined(w)
    return Ready(w.organ("approver"), {"ref": case.id})


_APPROVER = "city.approver"
_kinds = itertools.count()


def _template() -> bytes:
    """A template that differs from any before it."""
    document, out = docx.Document(), io.BytesIO()
    document.add_paragraph(f"{{{{ marking }}}} {{{{ project_name }}}} 格式{next(_kinds)}")
    document.save(out)
    return out.getvalue()


async def _put(w: World) -> str:
    """The approver's office has a template of its own for approvals; its ETag."""
    approver, path = w.by(_APPROVER), "/draft-templates/approval"
    etag = good(await approver("GET", path)).headers["etag"]
    return good(await approver("POST", path, content=_template(), etag=etag)).headers["etag"]


@recipe("papers_list_templates")
async def _(w: World) -> Ready:
    await _put(w)
    return Ready(_APPROVER)


@recipe("papers_read_template", "papers_template_file")
async def _(w: World) -> Ready:
    await _put(w)
    return Ready(_APPROVER, {"kind": "approval"})


@recipe("papers_preview_template")
async def _(w: World) -> Ready:
    return Ready(_APPROVER, {"kind": "approval"}, content=_template())


@recipe("papers_put_template")
async def _(w: World) -> Ready:
    return Ready(_APPROVER, {"kind": "approval"}, etag=await _put(w), content=_template())


@recipe("papers_withdraw_template")
async def _(w: World) -> Ready:
    return Ready(_APPROVER, {"kind": "approval"}, etag=await _put(w))
