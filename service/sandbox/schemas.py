"""The sandbox's own calls on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType

from service.kit.text import opaque

_Part = Annotated[str, opaque(200)]
_Name = Annotated[str, Meta(pattern=r"^[a-z_]{1,40}$(?!\n)")]


class ClockIn(Struct, forbid_unknown_fields=True):
    """Where the sandbox's clock shall stand: later than it stands now."""

    to: Annotated[
        datetime, Meta(tz=True, description="沙箱时钟拨到的时刻，只能向后拨。The moment, later than now.")
    ]


class ClockView(Struct, kw_only=True):
    """The sandbox's clock: the moment, the legal day (Beijing) that deadlines are judged by, how far it was moved."""

    now: datetime
    day: str
    moved_seconds: int


class PlayIn(Struct, forbid_unknown_fields=True, kw_only=True):
    """A deed of another desk. `act` is an operation's id or an act as `actions` names it; `by` is `<tenant>/<login>`.

    What is left out is found: who may, the current version, and a body that will do (the operation's example).
    """

    act: Annotated[
        str,
        Meta(
            pattern=r"^[a-z_]{2,60}$(?!\n)",
            description="办理什么：operation_id，或 actions 中的 action。Act.",
        ),
    ]
    ref: Annotated[_Part, Meta(description="办理的对象的编号，即路径中的 ref。The thing's id.")] | None = None
    by: (
        Annotated[
            str,
            Meta(
                pattern=r"^([0-9A-Za-z]{2,16}/)?[0-9A-Za-z._-]{1,64}$(?!\n)",
                description="由谁办理：地区/登录名，或只写登录名；不写则由有权的人办理。By whom.",
            ),
        ]
        | None
    ) = None
    parts: Annotated[dict[_Name, _Part], Meta(max_length=4, description="路径中的其他部分。Path parts.")] = {}
    query: Annotated[dict[_Name, _Part], Meta(max_length=12, description="查询参数。Query.")] = {}
    version: (
        Annotated[int, Meta(ge=1, le=2147483647, description="所依据的版本；不写则取现在的。Version.")] | None
    ) = None
    body: Annotated[dict[str, Any], Meta(description="内容；不写则用文档中的示例。Body.")] | UnsetType = UNSET
    file: (
        Annotated[
            str,
            Meta(
                max_length=1_400_000,
                description="上传的文件，base64。File.",
                extra_json_schema={"x-text": "opaque"},
            ),
        ]
        | None
    ) = None


class PlayView(Struct, kw_only=True, omit_defaults=True):
    """What the desk was answered: its status, tags and content, as the operation alone would have answered."""

    operation_id: str
    by: str
    status: int
    etag: str | None = None
    location: str | None = None
    body: Any = None
    file: str | None = None


class DeskView(Struct, kw_only=True):
    """Somebody who can be played."""

    by: str
    name: str
    office_name: str
    roles: list[str]


class SandboxView(Struct, kw_only=True):
    """Where one is: the clock, and the desks of one's own city and of the province."""

    clock: ClockView
    desks: list[DeskView]
