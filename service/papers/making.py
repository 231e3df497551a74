"""Our own templates of drafts, built by python-docx: `python -m service.papers.making` writes service/papers/drafts.

Words are ours and plain; docxtpl fills in what stands in braces, and an office may edit the files in WPS or Word.
Every draft is marked 送审稿 and has neither head nor seal nor number: those belong to the organ's document system.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

DRAFTS = Path(__file__).resolve().parent / "drafts"
_TITLE, _BODY = "宋体", "仿宋"
_FIELDS = (
    ("项目名称", "{{ project_name }}"), ("项目单位", "{{ owner_name }}"), ("项目编号", "{{ project_id }}"),
    ("项目类别", "{{ project_class }}（{{ project_kind }}）"), ("申报总投资", "{{ declared_amount }}"),
)  # fmt: skip
_GOALS = ("建设任务：{{ main_tasks }}", "建设依据：{{ basis }}", "绩效目标：{{ performance_goals }}")

# Title, whom it goes to, table of facts, paragraphs, tables (heads, loop, cells).
_Table = tuple[Sequence[str], str, Sequence[str]]
TEXTS: dict[str, tuple[str, str, tuple[tuple[str, str], ...], tuple[str, ...], tuple[_Table, ...]]] = {
    "approval": (
        "关于{{ project_name }}的批复",
        "{{ owner_name }}：",
        _FIELDS,
        (
            "报来的项目申报材料收悉。经审核，批复如下。",
            "一、同意实施{{ project_name }}。{{ main_tasks }}",
            "二、项目总投资核定为{{ approved_amount }}，资金来源见下表；超出部分不予认可。",
            "三、实施方式：{{ implementation }}。部署位置：{{ location }}。",
            "四、请按申报的绩效目标组织实施：{{ performance_goals }}",
            "五、批复后须办理备案的，请及时办理（第二十三条）；投资、类别或内容有变化的，按管理惯例先报原批复部门。",
        ),
        ((("资金来源", "金额"), "line in funding", ("{{ line.source }}", "{{ line.amount }}")),),
    ),
    "appraisal": (
        "{{ project_name }}论证评估报告",
        "",
        (*_FIELDS, ("评估机构", "{{ agency }}"), ("委托日期", "{{ commissioned_on }}")),
        (
            "受委托，对上述项目组织专家论证评估（第十八条），情况如下。",
            "一、项目概况",
            *_GOALS,
            "二、专家",
            "专家经抽取产生，名单及打分建议见下表。",
            "三、评估意见",
            "（请评估机构填写）",
            "四、结论",
            "（通过、修改后再评或不通过，并说明理由）",
        ),
        (
            (
                ("专家", "职称", "单位", "建议", "意见"),
                "each in experts",
                (
                    "{{ each.name }}",
                    "{{ each.title }}",
                    "{{ each.employer }}",
                    "{{ each.recommendation }}",
                    "{{ each.opinion }}",
                ),
            ),
        ),
    ),
    "acceptance": (
        "{{ project_name }}竣工验收意见",
        "{{ owner_name }}：",
        (
            *_FIELDS,
            ("批复金额", "{{ approved_amount }}"),
            ("批复文件", "{{ document_number }}，{{ document_date }}"),
            ("试运行开始", "{{ trial_run_on }}"),
            ("终验", "{{ final_inspected_on }}"),
            ("申请验收", "{{ applied_on }}"),
            ("数据共享确认", "{{ data_confirmed }}"),
            ("安全可靠和密码应用确认", "{{ crypto_confirmed }}"),
        ),
        (
            "报来的竣工验收申请收悉。经组织验收（第三十条、第三十二条），意见如下。",
            "一、建设内容完成情况：（请填写）",
            "二、资金使用情况：（请填写）",
            "三、绩效目标实现情况：{{ performance_goals }}",
            "四、验收结论：（请填写）",
        ),
        (),
    ),
    "rectification": (
        "关于{{ project_name }}的整改要求",
        "{{ owner_name }}：",
        _FIELDS,
        (
            "经核查，上述项目存在下列问题，请予整改（第四十一条）。",
            "一、问题：（请填写）",
            "二、要求：（请填写）",
            "三、期限：请于　　　　年　　月　　日前完成，并书面报告结果。逾期未整改的，将视情形依第四十一条处理。",
            "系统核对时发现的情形附后，供参考。",
        ),
        ((("情形", "说明"), "each in findings", ("{{ each.name }}", "{{ each.reason }}")),),
    ),
}


def make(kind: str) -> bytes:
    """The template of one kind."""
    title, to, fields, paragraphs, tables = TEXTS[kind]
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.left_margin = Mm(37), Mm(28)
    section.right_margin, section.bottom_margin = Mm(26), Mm(35)
    _said(document, "{{ marking }}", size=16, font="黑体")
    _said(document, title, size=22, font=_TITLE, bold=True, align=WD_ALIGN_PARAGRAPH.CENTER)
    _said(document, "")
    if to:
        _said(document, to)
    _table(document, [(name, value) for name, value in fields], (42, 114))
    for words in paragraphs:
        _said(document, words, indent=True)
    for heads, loop, cells in tables:
        _table(document, [heads, [f"{{%tr for {loop} %}}"], cells, ["{%tr endfor %}"]], ())
    _said(document, "")
    _said(document, "{{ organ }}", align=WD_ALIGN_PARAGRAPH.RIGHT)
    _said(document, "{{ today }}", align=WD_ALIGN_PARAGRAPH.RIGHT)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _said(
    document: Any,
    words: str,
    *,
    size: int = 16,
    font: str = _BODY,
    bold: bool = False,
    align: Any = None,
    indent: bool = False,
) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = align
    paragraph.paragraph_format.line_spacing = Pt(28)
    paragraph.paragraph_format.space_after = Pt(0)
    if indent:
        paragraph.paragraph_format.first_line_indent = Pt(32)
    _run(paragraph, words, size, font, bold=bold)


def _run(paragraph: Any, words: str, size: int, font: str, *, bold: bool = False) -> None:
    run = paragraph.add_run(words)
    run.font.size, run.font.name, run.bold = Pt(size), font, bold
    run._element.rPr.rFonts.set(qn("w:eastAsia"), font)


def _table(document: Any, rows: Sequence[Sequence[str]], widths: Sequence[int]) -> None:
    columns = max(len(row) for row in rows)
    table = document.add_table(rows=0, cols=columns)
    table.style = "Table Grid"
    for row in rows:
        cells = table.add_row().cells
        for at, words in enumerate(row):
            if widths:
                cells[at].width = Mm(widths[at])
            _run(cells[at].paragraphs[0], words, 12, _BODY)


if __name__ == "__main__":
    for each in TEXTS:
        (DRAFTS / f"{each}.docx").write_bytes(make(each))
