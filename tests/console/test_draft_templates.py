"""送审稿模板 without JavaScript: seen filled, put in place, refused with its reason, given back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from service.papers.docx import MEDIA
from tests.portfolio.test_drafts import template, words_of

AT = "/console/draft-templates"


async def test_a_template_is_tried_used_and_given_back_on_a_page(visit: Callable[..., Any]) -> None:
    drc = await visit("360000", "drc")
    assert AT in (await drc.go("/console/more")).html
    shown = await drc.go(AT)
    assert shown.status == 200 and "{{ project_name }}" in shown.text and not shown.codes

    async def send(operation: str, raw: bytes) -> Any:
        page = await drc.go(AT)
        form = next(
            each
            for each in page.forms
            if each.fields.get("_part.kind") == "approval" and "_version" in each.fields
        )
        given = {key: value for key, value in form.fields.items() if key != "_file"} | {"_op": operation}
        files = {"_file": ("省级格式.docx", raw, MEDIA)}
        return await drc.client.post(AT, data=given, files=files, headers={"sec-fetch-site": "same-origin"})

    good = template("{{ marking }}", "省级格式 {{ project_name }}")
    seen = await send("papers_preview_template", good)
    assert seen.headers["content-type"] == MEDIA and "省级格式 （项目名称）" in words_of(seen.content)
    assert "省级格式.docx" not in (await drc.go(AT)).text
    wrong = await send("papers_put_template", template("{{ marking }} {{ project_nam }}"))
    assert wrong.status_code == 422 and "project_nam" in wrong.text
    assert (await send("papers_put_template", good)).status_code == 303
    shown = await drc.go(AT)
    assert "省级格式.docx" in shown.text and "撤回，恢复原来的" in shown.text and not shown.codes
    assert (await drc.client.get(f"{AT}/approval")).content == good
    assert (await drc.send(AT, shown.form("papers_withdraw_template"))).status_code == 303
    shown = await drc.go(AT)
    assert "撤回，恢复原来的" not in shown.text and "省级格式.docx" in shown.text and not shown.codes
    assert (await (await visit("360100", "unit")).go(AT)).status == 403
