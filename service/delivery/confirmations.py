"""What must be confirmed before an acceptance: data shared, products and cryptography safe (arts 11, 25, 30)."""

from __future__ import annotations

from service.delivery.acceptance_common import (
    accepting_tier,
    desk_of,
    plain,
)
from service.delivery.acceptance_schemas import (
    ConfirmIn,
)
from service.measures.lifecycle import Action
from service.measures.organs import Slot
from service.projects.deeds import Desk, deed
from service.projects.phases import Deed, owner_desks


@deed(
    "confirm-data",
    Action.CONFIRM_DATA,
    body=ConfirmIn,
    summary="数据共享情况确认",
    may="acceptance/confirm_data",
    tag="acceptance",
)
async def confirm_data(desk: Desk) -> Deed:
    """由数据资源管理部门确认；没有通过的可以再次确认，以最近一次为准（第三十条）。"""
    # Arts 11, 30: the data office confirms that data are shared, or not; the latest word stands.
    return _confirmed(desk, "data_confirmed", "acceptance.data_judged")


@deed(
    "confirm-crypto",
    Action.CONFIRM_CRYPTO,
    body=ConfirmIn,
    summary="安全可靠和密码应用确认",
    may="acceptance/confirm_crypto",
    tag="acceptance",
)
async def confirm_crypto(desk: Desk) -> Deed:
    """由密码管理部门确认；没有通过的可以再次确认，以最近一次为准（第三十条）。"""
    # Arts 25, 30: the cryptography organ on safe and reliable products and cryptography.
    return _confirmed(desk, "crypto_confirmed", "acceptance.crypto_judged")


def _confirmed(desk: Desk, fact: str, event: str) -> Deed:
    body: ConfirmIn = desk.body
    told = "确认通过。" if body.passed else "确认没有通过；整改后可再次申请确认。"
    return desk.told(
        event,
        [*owner_desks(desk.case), *desk_of(desk.case, accepting_tier(desk.case), Slot.DRC)],
        content=plain(body),
        dated={fact: {"passed": body.passed}},
        message=told,
    )
