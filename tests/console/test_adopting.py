"""A county's user asks for an app with nothing but forms: once, with faults told, hostile words inert."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlencode

from service.kit.db import Door
from tests.lives.worker import carried

HOSTILE = '"><script>alert(1)</script>{{ 7*7 }}\'"'


async def test_an_app_is_asked_for_confirmed_and_seen(visit: Callable[..., Any]) -> None:
    user = await visit("360100", "360121.user")
    found = await user.go("/console/apps?text=" + quote("视频会议"))
    ref = next(
        given["href"]
        for tag, given in found.tags
        if tag == "a" and "/console/apps/3" in str(given.get("href"))
    )
    ref = ref.partition("#")[0]
    page = await user.go(ref)
    form = page.form("adoptions_request")

    form.fields |= {"/users:number": "0", "/scope": HOSTILE, "/data_needs:lines": "会议室\r\n设备"}
    refused = await user.client.post(ref, data=form.fields, headers={"sec-fetch-site": "same-origin"})
    assert refused.status_code == 422 and "<script>alert" not in refused.text
    assert "{{ 7*7 }}" in refused.text
    assert "&lt;script&gt;alert" in refused.text and "会议室" in refused.text

    form.fields |= {"/users:number": "35"}
    made = await user.send(ref, form)
    assert made.status_code == 303, made.text
    again = await user.send(ref, form)
    assert again.headers["location"] == made.headers["location"]  # the same form twice is one request
    shown = await user.go(made.headers["location"])
    assert shown.status == 200 and "<script>alert" not in shown.html and not shown.codes
    assert "待设区市确认" in shown.text or "待开通" in shown.text

    keeper = await visit("360100", "gatekeeper")
    listed = await keeper.go("/console/adoptions")
    assert shown.response.url.path in listed.html and not listed.codes
    theirs = await keeper.go(made.headers["location"])
    confirm = [each for each in theirs.forms if each.fields.get("_op") == "adoptions_confirm"]
    if confirm:
        done = await keeper.send(made.headers["location"], confirm[0])
        assert done.status_code == 303
        stale = await keeper.send(made.headers["location"], confirm[0] if False else _fresh(confirm[0]))
        assert stale.status_code in (409, 412) and 'role="alert"' in stale.text


def _fresh(form: Any) -> Any:
    """The same form with another key: a second person who had the page open."""
    form.fields["_key"] = "another-key-0001"
    return form


async def test_the_catalogue_tells_what_is_ours_and_compares_two(visit: Callable[..., Any]) -> None:
    """Each part of the facet has as many apps as it says; what was picked for comparing stays in sight."""
    user = await visit("360100", "360124.user")
    whole = await user.go("/console/apps")
    assert "我县" not in whole.text
    refs = re.findall(r'href="(/console/apps/(3[^"#]+))#request"', whole.html)
    form = (await user.go(refs[0][0])).form("adoptions_request")
    form.fields |= {"/users:number": "12", "/scope": "县直单位"}
    assert (await user.send(refs[0][0], form)).status_code == 303
    whole = await user.go("/console/apps")
    total = int(re.findall(r"(\d+) 个应用", whole.text)[0])
    parts = re.findall(r'href="(/console/apps\?own=[a-z]+)"[^>]*>[^<]+<span>(\d+)<', whole.html)
    assert "我县" in whole.text and sum(int(number) for _, number in parts) == total and len(parts) == 2
    for address, number in parts:
        shown = await user.go(address)
        assert shown.html.count('<article class="app') == int(number), address
    one = await user.go(f"/console/apps?left={refs[0][1]}")
    assert "已选 1 个" in one.text and "再选一个" in one.text
    both = await user.go(f"/console/apps?left={refs[0][1]}&right={refs[1][1]}")
    compared = both.text.partition("比较 2 个")[2]
    assert "查看申请" in compared and "申请使用" in compared and not both.codes
    differing = await user.go(f"/console/apps?left={refs[0][1]}&right={refs[1][1]}&only=differ")
    assert "全部对照" in differing.text and len(differing.text) < len(both.text)


async def test_what_is_withdrawn_leads_to_what_comes_instead(visit: Callable[..., Any]) -> None:
    """By name and on its page, in the list by use as in any; both ends of it are a facet."""
    user = await visit("360100", "360124.user")
    shown = await user.go("/console/apps?succession=succeeded")
    (old,) = re.findall(r'<h3><a href="([^"]+)">[^<]*旧版', shown.html)
    heir, name = re.findall(r'由<a href="([^"]+)">([^<]+)</a>接替', shown.html)[0]
    assert f'href="{heir}">看接替应用<' in shown.html and "已有接替应用" in shown.text and not shown.codes
    assert "接替“短信通道（旧版）”" in (await user.go("/console/apps?succession=succeeds")).text
    page = await user.go(old)
    assert f'<a href="{heir}">{name}</a>接替' in page.html and "申请使用" not in page.text
    used = await user.go("/console/apps?order=used")
    counts = [int(each or 0) for each in re.findall(r"(?:(\d+) 个单位在用|尚无单位使用)", used.html)]
    assert len(counts) > 1 and counts == sorted(counts, reverse=True)


async def test_a_provider_provisions_many_at_once(visit: Callable[..., Any], door: Door) -> None:
    user, provider = await visit("360100", "360113.user"), await visit("360000", "app_provider")
    links = (await user.go("/console/apps?text=" + quote("视频"))).tags
    places = {str(given.get("href")).partition("#")[0]: 1 for tag, given in links if tag == "a"}
    asked = []
    for at in [each for each in places if each.startswith("/console/apps/360000")][:2]:
        form = (await user.go(at)).form("adoptions_request")
        form.fields |= {"/users:number": "5", "/scope": "县直单位日常使用"}
        asked.append((await user.send(at, form)).headers["location"])
    await carried(door)
    at = "/console?queue=provision"
    shown = await provider.go(at)
    form = next(each for each in shown.forms if each.fields.get("_together") == "provision")
    assert "金额（万元）" not in shown.text and not shown.codes
    boxes = [given["value"] for tag, given in shown.tags if tag == "input" and given.get("name") == "pick"]
    assert len(boxes) >= len(asked) == 2
    sent = await provider.client.post(
        at,
        content=urlencode([*form.fields.items(), *(("pick", box) for box in boxes)]),
        headers={"content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin"},
    )
    assert sent.status_code == 200 and f"办结 {len(boxes)} 件" in sent.text, sent.text[-300:]
    await carried(door)
    for ref in asked:
        assert "使用中" in (await user.go(ref)).text
    form.fields["_together"] = "anything"
    assert (await provider.send(at, form)).status_code == 404
