"""Background tasks: none ends unseen, and ending them is for certain."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Coroutine
from typing import Any

import structlog

DEAD: list[str] = []  # tasks of this process that ended though nobody ended them
_ending: set[asyncio.Task[Any]] = set()
_on_death: list[Callable[[], None]] = []


class TaskDied(RuntimeError):
    """A task that works until it is ended has ended by itself; the process cannot do its work any more."""


def end_process_on_death() -> None:
    """From now on a dead task ends this process: in order, by SIGTERM, and with a code other than 0 (see DEAD)."""
    _on_death[:] = [lambda: os.kill(os.getpid(), signal.SIGTERM)]


def watched(
    work: Coroutine[Any, Any, None], name: str, died: Callable[[], None] | None = None
) -> asyncio.Task[None]:
    """A task that works until `end`. When it ends in another way, that is logged, and `died` is called.

    Without `died`: what `end_process_on_death` has said, so that the supervisor starts the process again.
    """
    task = asyncio.create_task(_working(work, name), name=name)
    calls = _on_death if died is None else [died]
    task.add_done_callback(lambda ended: None if ended in _ending else _dead(ended, name, calls))
    return task


async def _working(work: Coroutine[Any, Any, None], name: str) -> None:
    try:
        await work
    except (SystemExit, KeyboardInterrupt) as error:  # these would end the loop, perhaps with code 0
        raise TaskDied(name) from error


def _dead(task: asyncio.Task[None], name: str, calls: list[Callable[[], None]]) -> None:
    error = None if task.cancelled() else task.exception()
    kind = "CancelledError" if task.cancelled() else type(error).__name__
    structlog.get_logger("tongjian").critical("task_died", task=name, error=kind)
    DEAD.append(name)
    for call in calls:
        call()


async def end(*tasks: asyncio.Task[Any] | None, seconds: float = 5) -> None:
    """Cancels until each task has ended: a single cancel can be swallowed (wait_for before Python 3.12, clients)."""
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    pending = {task for task in tasks if task is not None and not task.done()}
    _ending.update(pending)
    while pending and loop.time() < until:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=0.2)
    _ending.intersection_update({each for each in _ending if not each.done()})
