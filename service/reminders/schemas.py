"""Personal reminders on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from service.kit.coded import ReminderChannelCode, ReminderKindCode, ReminderModeCode

Channel = Literal["mail", "gateway"]
Mode = Literal["none", "at_once", "digest"]
Kind = Literal["tasks", "due", "news"]
# A mail address, or a telephone number as a gateway takes it; nothing that could become a header or a second recipient.
_MAIL = r"[A-Za-z0-9][A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{0,63}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}"
Address = Annotated[str, Meta(max_length=200, pattern=rf"^(?:{_MAIL}|\+?[0-9]{{5,20}})$(?!\n)")]
Digits = Annotated[str, Meta(pattern=r"^[0-9]{6}$(?!\n)")]


class ReminderIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """What is given is changed. Another channel or address is proved anew, by a code that is sent there."""

    channel: (
        Annotated[Channel, Meta(description="提醒方式：电子邮件，或本部署接入的短信、政务消息。Channel.")]
        | UnsetType
    ) = UNSET
    address: (
        Annotated[Address, Meta(description="电子邮件地址或手机号码，须由本人核实。Where to.")] | UnsetType
    ) = UNSET
    mode: (
        Annotated[
            Mode,
            Meta(description="不提醒、随到随提醒，或每个工作日汇总一次。Not at all, at once, or a digest."),
        ]
        | UnsetType
    ) = UNSET
    hour: (
        Annotated[int, Meta(ge=0, le=23, description="汇总的时刻（北京时间，整点）。Hour of the digest.")]
        | UnsetType
    ) = UNSET
    kinds: (
        Annotated[
            list[Kind], Meta(max_length=3, description="提醒的内容；待办汇总不受此限。What to be told of.")
        ]
        | UnsetType
    ) = UNSET


class ReminderCodeIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """The code as it was received."""

    code: Annotated[Digits, Meta(description="收到的六位数字。The six digits received.")]


class ReminderView(Struct, kw_only=True):
    """One's own settings, and which ways this deployment has."""

    channels: Annotated[
        list[ReminderChannelCode], Meta(description="本部署可用的提醒方式。Channels this deployment has.")
    ]
    channel: Annotated[ReminderChannelCode | None, Meta(description="提醒方式。The channel.")]
    address: Annotated[str | None, Meta(description="地址或号码。Where reminders go.")]
    verified_at: Annotated[
        datetime | None, Meta(description="何时核实；未核实的不发送。When the address was proved.")
    ]
    code_until: Annotated[
        datetime | None, Meta(description="已发送的验证码何时失效。Until when the code is good.")
    ]
    mode: Annotated[ReminderModeCode, Meta(description="提醒的时机。When to be told.")]
    hour: Annotated[int, Meta(description="汇总的时刻（北京时间，整点）。Hour of the digest.")]
    kinds: Annotated[list[ReminderKindCode], Meta(description="提醒的内容。What to be told of.")]
