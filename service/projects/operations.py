"""Which operation does an act of a case, and which operations on a case are no act that its `actions` tell.

A test holds both complete: every unsafe operation on a project is an act told, or stands here with its reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from litestar.handlers import HTTPRouteHandler

# By the act, the operation that does it: filled as the modules are loaded that declare acts (deeds.py).
OPERATIONS: dict[str, str] = {}
# The module and function that judge an operation so declared.
JUDGED: dict[str, tuple[str, str]] = {}
# Acts that the clock does, and the module and function that do them: no operation does.
BY_CLOCK: dict[str, tuple[str, str]] = {}
UNTOLD: Mapping[str, str] = {
    "reviews_recuse": "it is done on a seat of the panel, which the appraisal tells",
}
F = TypeVar("F", bound=Callable[..., object])


def declare(operation: str, module: str, function: str, *acts: str) -> None:
    """These acts are done by the operation, which that function judges."""
    OPERATIONS.update(dict.fromkeys(acts, operation))
    JUDGED[operation] = (module, function)


def does(*acts: str) -> Callable[[HTTPRouteHandler], HTTPRouteHandler]:
    """Stands above a command that does acts of a case though it is done on something else: a suspicion, a text."""

    def declared(route: HTTPRouteHandler) -> HTTPRouteHandler:
        judge = route.opt["act"]
        declare(route.opt["spec"].operation_id, judge.__module__, judge.__name__, *acts)
        return route

    return declared


def by_the_clock(act: str) -> Callable[[F], F]:
    """Stands above the function by which the clock does an act."""

    def done(function: F) -> F:
        BY_CLOCK[act] = (function.__module__, function.__name__)
        return function

    return done
