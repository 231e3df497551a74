"""Priority support: an owner's claims of art. 16, with their proof."""

from __future__ import annotations

from service.characters.placeholders import says
from service.kit.errors import FieldError, invalid
from service.library.entries import reorder
from service.library.schemas import PriorityIn
from service.measures.lifecycle import Action
from service.measures.priority import claiming
from service.projects.deeds import Desk, deed
from service.projects.phases import Deed, not_after, owner_desks, perform


@deed(
    "priority",
    Action.TAG_PRIORITY,
    body=PriorityIn,
    summary="标注重点支持",
    may="project.priority/tag",
    tag="needs",
    where="own",
    gated=False,
)
async def tag_priority(desk: Desk) -> None:
    """第十六条三类情形，前两类须有文号；写明发文机关、文号、日期并上传依据文件，经首个经办环节认可后计入。"""
    # The owner claims one of art. 16's classes with its proof, or takes the claim back; a desk accepts it (R14).
    body: PriorityIn = desk.body
    case = desk.case
    today = desk.today
    not_after(body.document_date or today, today, "/document_date", "依据文件日期", article=16)
    if body.claimed and body.item in (1, 2) and body.document_number is None:
        detail = "列入重大部署或重点工作的，请填写部署或规划文件的文号（第十六条）"
        raise invalid([FieldError("/document_number", "missing_field", detail)])
    fact = claiming(case.dated.get("priority") or {}, body.item, _paper(body), claims=body.claimed)
    told = Deed(
        Action.TAG_PRIORITY,
        today,
        "project.priority_tagged",
        owner_desks(case),
        content={
            "item": body.item,
            "evidence": body.evidence,
            "document_number": body.document_number,
            "issuer": body.issuer,
            "document_date": body.document_date,
            "claimed": body.claimed,
        },
        dated={"priority": fact},
        message=f"{'申报' if body.claimed else '不再申报'}为第十六条第 {body.item} 项重点支持。",
    )
    perform(desk.tx, case, told, desk.actor, desk.row)
    reorder(desk.tx, case, today)


def _paper(body: PriorityIn) -> dict[str, str] | None:
    """The cited paper, where it is cited whole: who issued it, its number and day."""
    if not says(body.issuer or "") or not says(body.document_number or "") or body.document_date is None:
        return None
    return {
        "issuer": str(body.issuer),
        "number": str(body.document_number),
        "date": body.document_date.isoformat(),
    }
