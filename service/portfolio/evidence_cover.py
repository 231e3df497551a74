"""The cover of an evidence pack: who did what when by which article, for an official without any tool of ours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from html import escape
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from service.kit.money import yuan_or_none
from service.kit.naming import PersonView
from service.measures.citations import articles_label
from service.portfolio.evidence_form import rows as form_rows
from service.portfolio.evidence_reading import Whole
from service.portfolio.evidence_tables import PARTS
from service.portfolio.step_names import step_name
from service.vocabulary import label

_SHANGHAI = ZoneInfo("Asia/Shanghai")
_STYLE = (
    "body{font:16px/1.6 'Noto Serif CJK SC','SimSun',serif;margin:2em auto;max-width:60em;padding:0 1em}"
    "table{border-collapse:collapse;width:100%}td,th{border:1px solid #999;padding:.3em .5em;text-align:left;"
    "vertical-align:top}h1{font-size:1.5em}h2{font-size:1.2em;margin-top:1.6em}.num{white-space:nowrap}"
)


class Event(NamedTuple):
    """One line of the timeline."""

    at: datetime
    who: str
    what: str
    basis: str
    note: str


def timeline(whole: Whole, people: Mapping[str, PersonView]) -> list[Event]:
    """Steps and everything else that somebody did, oldest first; a step is called by how it came out."""
    found = sorted([*_steps(whole), *_others(whole)])
    return [event._replace(who=called(people, event.who)) for event in found]


def actors(whole: Whole, *more: str) -> frozenset[str]:
    """Everybody that a pack names (art. 42: who answers for what)."""
    found = {row["actor"] for row in (*whole.tables["transitions"], *whole.audit)}
    for name, part in PARTS.items():
        if part.who:
            found |= {row[part.who] for row in whole.tables.get(name, ()) if row[part.who]}
    return frozenset(found | set(more))


def called(people: Mapping[str, PersonView], actor: str) -> str:
    """Somebody with office and client, and the code that the other files hold."""
    person = people.get(actor)
    if person is None or person.name is None:
        return actor
    besides = "，".join(
        filter(None, (person.office_name, person.client_name and f"经由{person.client_name}", actor))
    )
    return f"{person.name}（{besides}）"


def _steps(whole: Whole) -> Iterator[Event]:
    records: dict[str, Mapping[str, Any]] = {
        row["id"]: row["content"] for row in whole.tables.get("project_records", ())
    }
    for row in whole.tables["transitions"]:
        name = step_name(row["action"], records.get((row["details"] or {}).get("record") or "", {}))
        before, after = (_state(row[key]) for key in ("from_state", "to_state"))
        moved = f"{name}（{before} → {after}）" if before != after else name
        basis = articles_label(tuple(row["citation"].get("articles", ())))
        yield Event(row["at"], row["actor"], moved, basis, row["reason"] or "")


def _others(whole: Whole) -> Iterator[Event]:
    for name, part in PARTS.items():
        if not (part.who and part.at):
            continue
        for row in whole.tables.get(name, ()):
            if row[part.at] is not None and isinstance(row[part.at], datetime):
                shown = next((row[key] for key in ("number", "document_number", "name") if row.get(key)), "")
                basis = articles_label((part.article,))
                yield Event(row[part.at], row[part.who] or "", f"登记：{part.title}", basis, str(shown))


def _state(value: str) -> str:
    return label("state", value)


def page(
    whole: Whole, events: list[Event], files: int, problems: list[str], made_at: datetime, by: str
) -> bytes:
    """The cover as one HTML file that needs nothing else."""
    case = whole.case
    rows = [
        ("项目名称", case.name), ("项目单位", case.owner_name), ("编号", str(case.ref)),
        ("当前状态", _state(case.state)), ("审批路径", label("route", case.route) or "尚未判定"),
        ("申报总投资（元）", yuan_or_none(case.investment_fen) or ""),
        ("批复金额（元）", yuan_or_none(case.approved_fen) or "—"), ("备案号", case.filing_number or "—"),
        ("案卷版本", str(case.version)), ("调取时间", _local(made_at)), ("调取人", by), ("所附文件数", str(files)),
    ]  # fmt: skip
    parts = [
        "<!doctype html><html lang='zh-CN'><head><meta charset='utf-8'>",
        f"<title>证据包：{escape(case.name)}</title><style>{_STYLE}</style></head><body>",
        f"<h1>证据包：{escape(case.name)}</h1>",
        "<p>本包汇集一个项目自登记以来的全部经过，供监督、审计和责任认定使用（第三十九条、第四十二条）。"
        "各文件的 SM3 摘要见 manifest.json，清单自身的摘要在下载时另行告知，可据以核对有无改动。</p>",
        _table(("项目", "内容"), rows),
        *_declared(whole),
        "<h2>经过</h2>",
        _table(("时间", "经办", "事项", "依据", "说明"), [(_local(e.at), *e[1:]) for e in events]),
        "<h2>内容清单</h2>",
        _table(("内容", "依据", "条数", "文件"), _contents(whole)),
    ]
    if problems:
        parts += ["<h2>需注意</h2>", *(f"<p>{escape(problem)}</p>" for problem in problems)]
    return "".join([*parts, "</body></html>\n"]).encode()


def _declared(whole: Whole) -> list[str]:
    """What the declaration's form and plan say, by their Chinese names; nothing of declarations without."""
    found = form_rows(whole.case.declared)
    return ["<h2>申报内容</h2>", _table(("项目", "内容"), found)] if found else []


def _contents(whole: Whole) -> list[tuple[str, ...]]:
    lines: list[tuple[str, ...]] = []
    for name, part in PARTS.items():
        count = str(len(whole.tables[name])) if name in whole.tables else "未提供"
        note = whole.withheld.get(name)
        lines.append(
            (
                part.title + (f"（{note}）" if note else ""),
                articles_label((part.article,)),
                count,
                f"tables/{name}.json" if name in whole.tables else "—",
            )
        )
    return [*lines, ("审计记录及其链上位置", articles_label((39, 42)), str(len(whole.audit)), "audit.json")]


def _table(heads: tuple[str, ...], rows: list[tuple[Any, ...]]) -> str:
    head = "".join(f"<th>{escape(each)}</th>" for each in heads)
    body = "".join(f"<tr>{''.join(f'<td>{escape(str(cell))}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><tr>{head}</tr>{body}</table>"


def _local(at: datetime) -> str:
    return at.astimezone(_SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
