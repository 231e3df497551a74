"""How a command on a thing of its own is declared: one function that does it, its route above it.

What acts on a case is declared by `deed` (service/projects/deeds.py), which asks the lifecycle table first.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import wraps
from types import ModuleType
from typing import Any

from litestar.handlers import HTTPRouteHandler

from service.kit.api import Answer, Call, operation
from service.kit.db import Tx
from service.kit.ids import Ref, parse_ref

# What of the request the function takes beside the transaction: the thing that the path names.
At = Callable[[Call], Any]
# What is answered: the view of what was done, or the whole Answer.
View = Callable[[Call, Any], Any]


def command(
    method: str,
    path: str,
    *,
    at: At | None = None,
    view: View | None = None,
    made: str | None = None,
    **spec: Any,
) -> Callable[[Callable[..., Awaitable[Any]]], HTTPRouteHandler]:
    """Declares an operation above the one function that does it: `async (call, tx)`, or `(call, tx, at(call))`.

    Its name is the operation's, its docstring says it. What it returns is answered as `view` shows it, with its
    version; `made`: the collection in which the new thing is found by its id. The rest is Spec's.
    """
    declare = operation(method, path, **spec)

    def done_by(act: Callable[..., Awaitable[Any]]) -> HTTPRouteHandler:
        @wraps(act)
        async def endpoint(call: Call, tx: Tx) -> Answer:
            done = await (act(call, tx) if at is None else act(call, tx, at(call)))
            if call.spec.status == 204:
                return Answer(None)
            return _answer(done if view is None else view(call, done), made)

        route = declare(endpoint)
        route.opt["act"] = act
        return route

    return done_by


def ref_of(call: Call) -> Ref:
    """The thing that the path names; 404 for what is no id."""
    return parse_ref(call.path("ref"))


def _answer(shown: Any, made: str | None) -> Answer:
    if isinstance(shown, Answer):
        return shown
    headers = {} if made is None else {"location": f"/api/v1/{made}/{shown.id}"}
    return Answer(shown, version=getattr(shown, "version", None), headers=headers)


def act_of(route: HTTPRouteHandler) -> Callable[..., Awaitable[Any]]:
    """The function that a declaration stands above, for whoever does the same many times in one transaction."""
    act: Callable[..., Awaitable[Any]] = route.opt["act"]
    return act


def routes_of(*modules: ModuleType) -> list[HTTPRouteHandler]:
    """What these modules declare, in their order; what one has from another is that one's."""
    return [
        each
        for module in modules
        for each in vars(module).values()
        if isinstance(each, HTTPRouteHandler) and each.opt.get("module") == module.__name__
    ]
