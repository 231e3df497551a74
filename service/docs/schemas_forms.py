"""The wire of a form: what an operation is asked, told so that a page can draw it without knowing the operation."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType

from service.kit.coded import InputTypeCode


class ChoiceView(Struct):
    """One of the values that a field takes."""

    code: Annotated[str, Meta(description="请求中填写的代码。The code on the wire.")]
    label: Annotated[str, Meta(description="显示的名称。What is shown.")]


class VariantView(Struct):
    """One shape of a field that has several; `code` goes where the field's `discriminator` stands."""

    code: str
    label: str
    fields: list[FieldView]


class FieldView(Struct, omit_defaults=True, kw_only=True):
    """One field. What does not apply to its type is left out; no field means no bound."""

    pointer: Annotated[
        str,
        Meta(
            description="在请求内容中的 JSON 指针；“-”处填行号。JSON pointer; “-” stands for a row's number."
        ),
    ]
    name: Annotated[str, Meta(description="字段名。Member's name.")]
    type: Annotated[InputTypeCode, Meta(description="以何种控件填写。What kind of control it wants.")]
    label: Annotated[str, Meta(description="显示的名称。What is shown.")]
    help: Annotated[str, Meta(description="填写说明。How to fill it in.")] = ""
    required: Annotated[bool, Meta(description="必填。Must be there.")] = False
    nullable: Annotated[bool, Meta(description="可填 null 以清空。May be null.")] = False
    vocabulary: Annotated[str, Meta(description="选项所属的词汇表。Vocabulary of its choices.")] = ""
    choices: list[ChoiceView] = []
    of: Annotated[
        str, Meta(description="编号所指的对象，如 office、user、project。What an id refers to.")
    ] = ""
    min: int | None = None
    max: int | None = None
    min_length: int | None = None
    max_length: int | None = None
    min_items: int | None = None
    max_items: int | None = None
    pattern: Annotated[str, Meta(description="ECMA-262 正则表达式。A regular expression.")] = ""
    default: Any | UnsetType = UNSET
    media_types: Annotated[list[str], Meta(description="文件的媒体类型。Types of a file.")] = []
    discriminator: Annotated[
        str, Meta(description="决定采用哪种形式的字段。Member that says which shape.")
    ] = ""
    fields: Annotated[
        list[FieldView], Meta(description="对象的各项，或列表每行的各项。Members, or those of each row.")
    ] = []
    variants: list[VariantView] = []


class FormView(Struct, kw_only=True):
    """The form of one operation; the same for everybody, changes with a release only."""

    operation_id: str
    label: Annotated[str, Meta(description="事项名称。What the deed is called.")]
    help: Annotated[str, Meta(description="事项说明。What it is about.")]
    method: str
    path: Annotated[str, Meta(description="路径模板，以 /api/v1 开头。Template of the path.")]
    if_match: Annotated[bool, Meta(description="须携带 If-Match。Wants the version that was read.")]
    parameters: Annotated[list[FieldView], Meta(description="查询参数。Query parameters.")]
    fields: Annotated[list[FieldView], Meta(description="请求内容的各项。Members of the body.")]
