"""/vocabulary and /rulebook/articles: what codes and articles are called, for everybody with a role."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.kit.api import Answer, Call, operation
from service.measures.citations import article_label
from service.rulebook import explained, vocabulary
from service.rulebook.schemas_vocabulary import ArticleList, ArticleView, VocabularyList, VocabularyQuery


@operation(
    "GET",
    "/vocabulary",
    resource="rulebook",
    action="read",
    summary="各项代码的名称",
    tag="vocabulary",
    query=VocabularyQuery,
    answer=VocabularyList,
    cached=True,
)
async def labels(call: Call) -> Answer:
    """答复和请求中的每个代码：中英文名称、次序、色调和所依据的条款。

    与接口文档中各枚举的 x-enum-labels 同源；x-vocabulary 是所属词汇表的名称。只随版本变化，请以 If-None-Match 复查。
    """
    names = call.query.name.split(",") if call.query.name else ()
    return Answer(vocabulary.of(names, call.services.policy))


@operation(
    "GET",
    "/rulebook/articles",
    resource="rulebook",
    action="read",
    summary="各条的标题和说明",
    tag="rulebook",
    answer=ArticleList,
    cached=True,
)
async def articles(call: Call) -> Answer:
    """办法四十五条各讲什么：本系统自拟的标题和两行说明，供界面在条款旁显示；不是原文，也不替代原文。"""
    return Answer(
        ArticleList(
            [
                ArticleView(each.number, article_label(each.number), each.heading, list(each.lines))
                for each in explained.articles()
            ]
        )
    )


ROUTES: list[HTTPRouteHandler] = [labels, articles]
