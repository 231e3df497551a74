"""Files of the console: tables, receipts, the calendar, templates; each as its operation gives it."""

from __future__ import annotations

from collections.abc import Mapping

from litestar.handlers import HTTPRouteHandler

from service.console.pages import page
from service.console.visiting import Visit
from service.kit.errors import not_found
from service.kit.handler import Rendered

# By name in the address: the operation, and which parameters of the page it takes along.
_WATCHED = ("tenant", "include_withdrawn")
_LISTS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "projects.csv": ("exports_projects_csv", (
        "text", "state", "route", "tenant", "holder", "project_class", "kind", "amount_from", "amount_to",
        "waiting_over", "finding", "order",
    )),
    "filings.csv": ("exports_filings_csv", ("tenant", "number", "year")),
    "maintenance-proposals.csv": ("evaluation_export_proposals", ("year",)),
    "labels.csv": ("monitoring_labels_csv", _WATCHED),
    "under-line.csv": ("monitoring_maintenance_csv", _WATCHED),
    "near-line.csv": ("monitoring_near_line_csv", _WATCHED),
    "reasons.csv": ("monitoring_reasons_csv", _WATCHED),
    "totals.csv": ("monitoring_totals_csv", ()),
    "unfiled.csv": ("monitoring_unfiled_csv", ("tenant",)),
    "duties.ics": ("obligations_calendar_file", ()),
    "template.xlsx": ("workbooks_blank", ("sheet",)),
}  # fmt: skip
_THINGS: Mapping[str, str] = {
    "receipt.pdf": "papers_receipt",
    "acceptance-receipt.pdf": "papers_acceptance_receipt",
    "evidence.pdf": "papers_evidence_pdf",
    "publiccode.yml": "apps_export",
    "marked.xlsx": "workbooks_marked",
}


@page("GET", "/console/files/{name:str}")
async def listed(visit: Visit) -> Rendered:
    """A table, the calendar, a template; of a table also its workbook, which is called alike."""
    name = visit.part("name")
    operation, taken = _LISTS.get(name, ("", ()))
    sheet: dict[str, str] = {}
    if not operation and name.endswith(".xlsx"):
        operation, taken = _LISTS.get(f"{name.removesuffix('.xlsx')}.csv", ("", ()))
        sheet = {"format": "xlsx"}
    if not operation:
        raise not_found()
    return await _file(visit, operation, {}, visit.picked(*taken) | sheet)


@page("GET", "/console/files/{name:str}/{ref:str}")
async def of_thing(visit: Visit) -> Rendered:
    """A receipt, an evidence paper, an app's description, a workbook with its faults marked."""
    operation = _THINGS.get(visit.part("name"), "")
    if not operation:
        raise not_found()
    return await _file(visit, operation, {"ref": visit.part("ref")}, {})


async def _file(visit: Visit, operation: str, path: Mapping[str, str], query: Mapping[str, str]) -> Rendered:
    reply = await visit.reply(operation, path, query=query)
    return Rendered(reply.status, reply.headers, reply.body)


ROUTES: list[HTTPRouteHandler] = [listed, of_thing]
