"""CSV: Excel opens it as UTF-8, sums its amounts, and runs nothing of it; the rows are the lists' rows."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import Any

import pytest

from service.kit.csvout import Plain, Sheet, cell
from service.projects import export
from tests.monitoring.conftest import all_pages


def table(body: bytes) -> list[dict[str, str]]:
    assert body.startswith(b"\xef\xbb\xbf")
    text = body.decode("utf-8-sig")
    assert "\r\n" in text
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "  =1",
        "\u3000=1",
        "＝1+1",
        "＋1",
        "－1",
        "＠x",
        "=",
        "-",
    ],
)
def test_foreign_text_is_never_a_formula(text: str) -> None:
    assert cell(text) == f"'{text}"


def test_harmless_cells_stay() -> None:
    for text in ("", "城市管理", "2026-1=1", "a=b", "100%", " a"):
        assert cell(text) == text
    assert cell(Plain("-12.50")) == "-12.50"
    assert cell(-3) == "-3"
    assert cell(None) == ""
    assert cell(datetime(2026, 1, 1, 17, 30, tzinfo=UTC)) == "2026-01-02 01:30:00"


def test_quotes_and_line_ends_survive() -> None:
    sheet: Sheet[str] = Sheet([("名称", str), ("又", str.upper)])
    sheet.add(['a "b", c\nd'])
    assert table(sheet.bytes()) == [{"名称": 'a "b", c\nd', "又": 'A "B", C\nD'}]


async def test_projects_are_the_list(office: Any, as_user: Any, superuser: Any) -> None:
    answer = await office("GET", "/exports/projects.csv")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"].startswith('attachment; filename="projects-')
    assert answer.headers["x-truncated"] == "false"
    rows = table(answer.content)
    (count,) = await superuser.fetchrow(
        "SELECT count(*) FROM projects WHERE state NOT IN ('draft', 'need_submitted')"
    )
    assert len(rows) == count == int(answer.headers["x-row-count"])
    assert "草稿" not in {row["状态"] for row in rows}
    assert {row["项目名称"][:2] for row in rows} == {"项目", "'="}
    listed = {
        item["id"]: item for item in await all_pages(office, "/projects?state=filed&tenant=360100", limit=200)
    }
    mine = table((await office("GET", "/exports/projects.csv?state=filed&tenant=360100")).content)
    assert {row["项目编号"]: row["总投资（元）"] for row in mine} == {
        ref: item["investment_yuan"] for ref, item in listed.items()
    }
    assert all(
        row["总投资（元）"].count(".") == 1 and len(row["总投资（元）"].partition(".")[2]) == 2
        for row in rows
    )
    gatekeeper = table((await as_user("360100", "gatekeeper")("GET", "/exports/projects.csv")).content)
    assert {row["地区"] for row in gatekeeper} == {"南昌市"}
    assert "草稿" not in {row["状态"] for row in gatekeeper}  # a draft is its office's own
    unit = as_user("360100", "unit")
    assert len(table((await unit("GET", "/exports/projects.csv")).content)) < len(gatekeeper)
    assert (
        await as_user("360100", "gatekeeper")("GET", "/exports/projects.csv?tenant=360200")
    ).status_code == 404
    assert (await as_user("360100", "360102.user")("GET", "/exports/projects.csv")).status_code == 403
    assert (await office("GET", "/exports/projects.csv?limit=5")).status_code == 400


async def test_small_pages_and_truncation(office: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in (
        "/exports/projects.csv",
        "/exports/filings.csv",
        "/exports/monitoring/labels.csv",
        "/exports/monitoring/unfiled.csv",
        "/exports/monitoring/reasons.csv",
    ):
        monkeypatch.undo()
        whole = await office("GET", path)
        assert whole.status_code == 200, whole.text
        monkeypatch.setattr(export, "PAGE", 61)
        paged = await office("GET", path)
        assert paged.content == whole.content
        monkeypatch.setattr(export, "MAX_ROWS", 100)
        cut = await office("GET", path)
        assert (cut.headers["x-truncated"], cut.headers["x-row-count"]) == ("true", "100")
        assert whole.content.startswith(cut.content)


async def test_filings(office: Any, as_user: Any, superuser: Any) -> None:
    rows = table((await office("GET", "/exports/filings.csv")).content)
    (count,) = await superuser.fetchrow("SELECT count(*) FROM filings")
    assert len({row["备案号"] for row in rows}) == len(rows) == count
    own = table((await as_user("360200")("GET", "/exports/filings.csv")).content)
    assert own == [row for row in rows if row["地区"] == "景德镇市"]
    assert (await as_user("360200")("GET", "/exports/filings.csv?tenant=360100")).status_code == 404
    assert table((await office("GET", "/exports/filings.csv?year=2025")).content) == []


async def test_monitoring_lists_and_totals(office: Any, as_user: Any) -> None:
    for name in ("near-line", "labels", "maintenance", "reasons", "unfiled"):
        items = await all_pages(office, f"/monitoring/{name}", limit=200)
        answer = await office("GET", f"/exports/monitoring/{name}.csv")
        assert [row["项目编号"] for row in table(answer.content)] == [item["id"] for item in items]
        own = await as_user("360100", "gatekeeper")("GET", f"/exports/monitoring/{name}.csv")
        assert [row["项目编号"] for row in table(own.content)] == [
            item["id"] for item in items if item["id"].startswith("360100")
        ]
        assert (await as_user("360100")("GET", f"/exports/monitoring/{name}.csv")).status_code == 403
    items = await all_pages(office, "/monitoring/unfiled", limit=200)
    rows = table((await office("GET", "/exports/monitoring/unfiled.csv")).content)
    assert [(row["批复日期"], row["批复登记时间"][:10], row["已等待（天）"]) for row in rows] == [
        (item["document_date"], item["approved_at"][:10], str(item["days_waiting"])) for item in items
    ]  # 02:00 UTC is the same day in Shanghai
    reasons = table((await office("GET", "/exports/monitoring/reasons.csv?code=negative_17_1")).content)
    assert {row["申报理由"] for row in reasons} == {"'=1+1"}
    items = (await office("GET", "/monitoring/totals?group=month,route")).json()["items"]
    rows = table((await office("GET", "/monitoring/totals.csv?group=month,route")).content)
    assert list(rows[0]) == ["审批路径", "申报月份", "项目数", "金额（元）"]
    assert [(row["申报月份"], row["项目数"], row["金额（元）"]) for row in rows] == [
        (item["month"], str(item["count"]), item["amount_yuan"]) for item in items
    ]
