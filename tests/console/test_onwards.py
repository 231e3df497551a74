"""After a deed the list goes on: what is done presses for nothing, the next case is one key away; a quiet home."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from tests.console.test_case import submitted
from tests.worlds import Caller

QUEUE = "from=queue%3Dgatekeeping"


async def test_what_is_done_leads_on_to_the_next_of_the_queue(
    as_user: Callable[..., Caller], visit: Callable[..., Any]
) -> None:
    first = await submitted(as_user, "900000.00", "档案数字化系统甲")
    await submitted(as_user, "900000.00", "档案数字化系统乙")
    keeper, at = await visit("360100", "gatekeeper"), f"/console/projects/{first}?{QUEUE}"
    before = await keeper.go(at)
    assert "这一件已经不在清单里" not in before.text and 'data-key="p"' in before.html
    form = before.form("projects_gatekeep_pass")
    form.fields["_key"] = "onwards-0001"
    for name in [name for name in form.fields if name.endswith("/code")]:
        form.fields[name.replace("/code", "/accepted:boolean")] = "true"
    done = await keeper.send(at, form)
    assert done.status_code == 303 and "queue%3Dgatekeeping" in done.headers["location"]
    after = await keeper.go(at)
    assert "这一件已经不在清单里" in after.text
    onward = re.search(r'data-key="j" href="(/console/projects/[^"]+)"', after.html)
    assert onward and first not in onward[1] and QUEUE in onward[1]
    assert (
        'data-key="p"' not in after.html
    )  # nothing of the next stage is unfolded for who only wants to go on
    there = await keeper.go(onward[1].replace("&amp;", "&"))
    assert "第 1 件" in there.text and not there.codes


async def test_a_user_without_anything_to_do_starts_from_what_he_asked_for(visit: Callable[..., Any]) -> None:
    user = await visit("360100", "360121.user")
    home = await user.go("/console")
    assert "没有要您办的事" in home.text and 'action="/console/apps"' in home.html and not home.codes
    beside = await user.go("/console/watching")
    told = re.findall(r'<p class="figure"><a href="(/console/adoptions[^"]+)">(\d+)', beside.html)
    assert len(told) == 3
    for address, count in told:
        assert f"共 {count} 项" in (await user.go(address)).text, address
