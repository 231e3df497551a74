"""Members of a declaration's facts beyond amounts: what arts 3 and 11 ask, and what proves a claim. (Document only.)

`measures/answers` reads them and reports every fault at once.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from service.kit.text import Line, Long, Number

# A public id, as every answer of the service gives it.
Reference = Annotated[
    str, Meta(pattern=r"^[0-9A-Za-z]{2,16}-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$(?!\n)")
]


class Paper(Struct, forbid_unknown_fields=True):
    """The document that a claim stands on; the file itself is attached in the claim's slot."""

    issuer: Line
    number: Number
    date: date


class Unifications(Struct, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Art. 3, one by one; true: the project keeps to it. What is left out was not checked and wants a reason."""

    architecture: bool | UnsetType = UNSET
    foundation: bool | UnsetType = UNSET
    standards: bool | UnsetType = UNSET
    applications: bool | UnsetType = UNSET
    operations: bool | UnsetType = UNSET


class Sharing(Struct, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Art. 11: connected to the exchange platform or not, the sharing plan, the items of the data catalogue.

    Plan and catalogue may be a file in the slot sharing_plan instead.
    """

    exchange: bool | UnsetType = UNSET
    plan: Long | UnsetType = UNSET
    catalogue: Annotated[list[Line], Meta(max_length=500)] | UnsetType = UNSET


class Evidence(Struct, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """By claim, its document. Slots: deployment_basis, featured_scenario_basis, previous_acceptance,
    cross_level_basis, participants_basis, sharing_exemption_basis.
    """

    deployment: Paper | UnsetType = UNSET
    featured_scenario: Paper | UnsetType = UNSET
    previous_acceptance: Paper | UnsetType = UNSET
    cross_level: Paper | UnsetType = UNSET
    participants: Paper | UnsetType = UNSET
    sharing_exemption: Paper | UnsetType = UNSET


class AnswersIn(Struct, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What beside flags and amounts belongs to the facts."""

    unifications: Annotated[Unifications, Meta(description="五统一，逐项回答是否符合")] | UnsetType = UNSET
    sharing: Annotated[Sharing, Meta(description="数据共享：是否接入、方案、目录")] | UnsetType = UNSET
    evidence: (
        Annotated[Evidence, Meta(description="所声明事项的依据文件，原件上传到相应栏目")] | UnsetType
    ) = UNSET
    previous_project: Annotated[Reference, Meta(description="原项目在本系统的编号")] | UnsetType = UNSET
    library_entry: Annotated[Reference, Meta(description="补录的入库记录编号")] | UnsetType = UNSET
