"""The wire of /vocabulary and /rulebook/articles."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from service.kit.coded import ToneCode
from service.vocabulary import VOCABULARIES

_ONE = "(?:" + "|".join(VOCABULARIES) + ")"


class VocabularyQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """Which vocabularies, by name, apart by commas; all of them without."""

    name: (
        Annotated[
            str,
            Meta(
                max_length=2000,
                pattern=rf"^{_ONE}(?:,{_ONE})*$(?!\n)",
                description="词汇表的名称，多个以逗号分隔；不给出则返回全部。Names, separated by commas.",
            ),
        ]
        | None
    ) = None


class LabelView(Struct):
    """What is shown: `zh` to officials, `en` to developers."""

    zh: Annotated[str, Meta(description="中文名称。Chinese label.")]
    en: Annotated[str, Meta(description="英文名称。English label.")]


class LabelEntry(Struct):
    """One code of a vocabulary."""

    code: Annotated[str, Meta(description="答复和请求中所用的代码。The code on the wire.")]
    label: LabelView
    order: Annotated[int, Meta(ge=1, description="显示的次序，自 1 起。Where it stands, from 1.")]
    tone: Annotated[ToneCode, Meta(description="显示的色调。How a page may colour it.")]
    articles: Annotated[list[int], Meta(description="所依据的条款；没有则为空。Articles of the Measures.")]


class VocabularyView(Struct):
    """One vocabulary: all codes of a kind."""

    name: Annotated[str, Meta(description="与接口文档中的 x-vocabulary 相同。As in x-vocabulary.")]
    label: LabelView
    entries: list[LabelEntry]


class VocabularyList(Struct):
    """The vocabularies asked for; the ETag changes only with a release."""

    items: list[VocabularyView]


class ArticleView(Struct):
    """What an article is about, in our own words; the text of the Measures is not repeated here."""

    number: Annotated[int, Meta(ge=1, le=45, description="条号。Number of the article.")]
    name: Annotated[str, Meta(description="第几条。How it is cited.")]
    heading: Annotated[str, Meta(description="本系统自拟的标题。Our own heading.")]
    explanation: Annotated[
        list[str],
        Meta(
            min_length=2, max_length=2, description="两行说明，本系统自拟，不替代原文。Two lines of our own."
        ),
    ]


class ArticleList(Struct):
    """Articles 1 to 45 in order."""

    items: list[ArticleView]
