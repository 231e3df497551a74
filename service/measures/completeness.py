"""Everything a declaration still lacks (arts 14, 15): the one code of preview, checklist and submission."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from service.characters.placeholders import says, settled, unfilled, unnamed, worded
from service.measures.checklist import SLOTS
from service.measures.declaration import Materials, Missing
from service.measures.facts import Kind
from service.measures.form_checks import Against, slips
from service.measures.form_plan import PARTS, WORK_SECRETS, is_plan, lacking
from service.measures.requirements import FIELDS, Required
from service.vocabulary import names

YEARS_BACK, YEARS_AHEAD = 5, 15  # on days before the rule book knew of figures


@dataclass(frozen=True, slots=True)
class Asked:
    """What a declaration is judged by: kind and amounts, what is required, the words a plan names its parts by.

    `on`: the day of submission; a resolution dated later is a fault.
    """

    kind: Kind
    investment_fen: int
    required: Required
    terms: Mapping[str, Collection[str]] = field(default_factory=dict)
    maintenance_fen: int = 0
    on: date | None = None
    city_extra: tuple[str, ...] = ()
    years_back: int = YEARS_BACK
    years_ahead: int = YEARS_AHEAD


def missing_materials(materials: Materials, asked: Asked, *, pointer_prefix: str = "") -> list[Missing]:
    """Everything that is still asked for or cannot be, empty when complete."""
    found = [
        *_resolution(materials, asked),
        *_basics(materials, asked),
        *_plan(materials, asked),
        *_funding(materials, asked),
        *_form(materials, asked),
        *_extra(materials, asked),
        *_attachments(materials, asked),
    ]
    return [Missing(pointer_prefix + row.pointer, row.code, row.detail, row.article) for row in found]


NEED_ASKED: Mapping[str, str] = {
    key: names("material_field")[f"basics.{key}"] for key in ("main_tasks", "basis")
}


def missing_need(materials: Materials, *, pointer_prefix: str = "") -> list[Missing]:
    """What a need still lacks (arts 8, 9): what is to be built, and why. The rest is asked of the declaration."""
    return [
        Missing(
            f"{pointer_prefix}/basics/{name}",
            "missing_material",
            f"建设需求请填写{label}（第八条、第九条）",
            8,
        )
        for name, label in NEED_ASKED.items()
        if not worded(getattr(materials.basics, name))
    ]


def missing_name(name: str) -> list[Missing]:
    """Art. 15 begins with what the project is called; a need is known by its name too."""
    return [Missing("/name", "basics_required", "请填写项目名称")] if unnamed(name) else []


def slot_of(missing: Missing) -> str | None:
    """The checklist's slot that a missing thing belongs to; None: the form, which has no slot."""
    parts = missing.pointer.removeprefix("/materials").split("/")
    if parts[1] == "plan":
        return PARTS[parts[2]].slot
    if parts[1] == "attachments":
        return parts[2]
    if parts[1] == "name":
        return "basics"
    return "funding_source" if parts[1] == "funding" else parts[1] if parts[1] in SLOTS else None


def _resolution(materials: Materials, asked: Asked) -> Iterator[Missing]:
    given, base = materials.resolution, asked.required.base
    if "resolution.body" in base and not worded(given.body):
        yield Missing("/resolution/body", "resolution_required", f"请填写{FIELDS['resolution.body']}")
    if given.date is not None:
        if asked.on is not None and given.date > asked.on:
            yield Missing("/resolution/date", "resolution_in_future", "会议日期晚于提交日期，请核对")
    elif "resolution.date" in base:
        yield Missing("/resolution/date", "resolution_required", f"请填写{FIELDS['resolution.date']}")
    if "resolution.number" in base and not settled(given.number):
        yield Missing("/resolution/number", "resolution_required", f"请填写{FIELDS['resolution.number']}")
    elif unfilled(given.number):
        said = f"{FIELDS['resolution.number']}中的年份或者序号还空着，请填写完整"
        yield Missing("/resolution/number", "resolution_required", said)


def _basics(materials: Materials, asked: Asked) -> Iterator[Missing]:
    for key, label in FIELDS.items():
        if key.startswith("basics.") and key in asked.required.base:
            name = key.removeprefix("basics.")
            if not worded(getattr(materials.basics, name)):
                yield Missing(f"/basics/{name}", "basics_required", f"请填写{label}")


def _plan(materials: Materials, asked: Asked) -> Iterator[Missing]:
    """Maintenance brings its own plan, every other kind the technical plan with the parts that art. 15 names."""
    if "plan" not in asked.required.base:
        return
    if asked.kind is Kind.MAINTAIN:
        if not is_plan(materials.maintenance_plan) and "maintenance_plan" not in materials.attached:
            yield Missing("/maintenance_plan", "plan_required", "运维类项目请提交运维实施方案（文字或附件）")
        return
    if not is_plan(materials.technical_plan) and "technical_plan" not in materials.attached:
        yield Missing("/technical_plan", "plan_required", "建设类项目请提交技术方案（文字或附件）")
    wanted = [
        key
        for key in PARTS
        if f"plan.{key}" in asked.required.base and (key != WORK_SECRETS or materials.work_secrets)
    ]
    for part in lacking(materials.technical_plan, materials.plan, materials.attached, wanted, asked.terms):
        said = f"技术方案应包含{part.name}：请填写，或在“{SLOTS[part.slot].name}”下上传附件"
        yield Missing(f"/plan/{part.key}", "plan_part_required", said)


def _funding(materials: Materials, asked: Asked) -> Iterator[Missing]:
    """The sources must be named and add up to the investment, to the fen. Where nothing is invested there is no
    source to name (art. 35): no line and a line of zero are taken alike, and a finding says so."""
    lines, investment_fen = materials.funding, asked.investment_fen
    if not lines and investment_fen > 0:
        if "funding" in asked.required.base:
            yield Missing("/funding", "funding_required", "请填写资金来源")
        return
    for index, line in enumerate(lines):
        if not worded(line.source):
            yield Missing(f"/funding/{index}/source", "funding_source", "请填写资金来源名称")
        if line.amount_fen <= 0 < investment_fen:
            yield Missing(f"/funding/{index}/amount_yuan", "funding_amount", "金额应大于零")
    if sum(line.amount_fen for line in lines) != investment_fen:
        yield Missing("/funding", "funding_sum", "各项资金之和与总投资不一致")


def _form(materials: Materials, asked: Asked) -> Iterator[Missing]:
    """What the form asks, by art. 15's list or by the announced round; then what of it cannot be."""
    for key in FIELDS:
        if not key.startswith("form."):
            continue
        name = key.removeprefix("form.")
        if materials.form.get(name) in (None, "", [], {}):
            if key in asked.required.announced:
                said = f"请填写{FIELDS[key]}{asked.required.citation}"
                yield Missing(f"/form/{name}", "form_required", said, 14)
            elif key in asked.required.base:
                yield Missing(f"/form/{name}", "form_required", f"请填写{FIELDS[key]}")
    if asked.on is None:
        return
    against = Against(
        asked.investment_fen, asked.maintenance_fen, asked.on, asked.years_back, asked.years_ahead
    )
    for slip in slips(materials.form, against):
        yield Missing(f"/form{slip.pointer}", slip.code, slip.detail)


def _extra(materials: Materials, asked: Asked) -> Iterator[Missing]:
    wanted = [(name, "本市另行要求的材料尚未提交", "", 15) for name in asked.city_extra]
    wanted += [
        (name, "申报通知要求的材料尚未提交", asked.required.citation, 14) for name in asked.required.extra
    ]
    for name, said, cited, article in wanted:
        if not says(materials.extra.get(name, "")):
            yield Missing("/extra", "extra_required", f"{said}：{name}{cited}", article)


def _attachments(materials: Materials, asked: Asked) -> Iterator[Missing]:
    for slot in asked.required.attachments:
        if slot not in materials.attached:
            said = f"请上传附件：{SLOTS[slot].name}{asked.required.citation}"
            yield Missing(f"/attachments/{slot}", "attachment_required", said, 14)
