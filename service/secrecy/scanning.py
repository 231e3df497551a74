"""The secrecy scan of a request (art. 14): who is refused is told the field and the words, and nothing is kept.

Small parts are looked at where they are, large bodies in another process: the event loop is never long away. What
cannot be checked is refused as well, and never called clean.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import chain

from service.kit.beside import Beside, WorkFailed
from service.kit.errors import FieldError, ServiceError
from service.measures.secrecy import Verdict, harmless, look
from service.measures.secrecy_places import Told, look_at_body, parameter

SMALL = 32 << 10  # bytes looked at on the event loop: a few milliseconds at worst
TARGET = "service.measures.secrecy_places:answer"
_PLAIN = re.compile(rb"[A-Za-z0-9-]{1,64}")  # names of headers that can be repeated
_ESCAPES = (b"%", b"&", b"\\")  # what plain ASCII needs to spell anything else


class Scanner:
    """`problem`: the refusal of classified material, without places."""

    def __init__(self, bench: Beside, problem: Callable[[], ServiceError]) -> None:
        self.bench = bench
        self.problem = problem

    async def refusal(
        self, path: bytes, query: bytes, headers: Iterable[tuple[bytes, bytes]], body: bytes, caller: str
    ) -> ServiceError | None:
        """Why the request is refused, or None. `caller` shares the other process fairly with the others."""
        if body and (refused := self._of_body(await self._told(body, caller))) is not None:
            return refused
        together = b"\n".join((path, query, *chain.from_iterable(headers)))
        if harmless(together):  # nearly always
            return None
        at_once = together.isascii() and not any(escape in together for escape in _ESCAPES)
        if at_once and look(together).verdict is Verdict.CLEAN:  # one look will do
            return None
        parts = [("", "请求地址", path), ("?", "查询参数", query)]
        for name, value in headers:
            parts.append(("", f"请求头 {name.decode()}" if _PLAIN.fullmatch(name) else "请求头", value))
            parts.append(("", "请求头", name))
        if at_once:
            parts.append(("", "请求", together))
        for kind, where, part in parts:
            if part and (refused := self._of_part(kind, where, part)) is not None:
                return refused
        return None

    async def _told(self, body: bytes, caller: str) -> Told:
        if len(body) <= SMALL:
            return look_at_body(body)
        try:
            verdict, places = await self.bench.ask(body, caller)
        except WorkFailed:
            return Told(Verdict.CANNOT_BE_CHECKED)
        return Told(Verdict(verdict), tuple((pointer, words) for pointer, words in places))

    def _of_body(self, told: Told) -> ServiceError | None:
        if told.verdict is Verdict.CLEAN:
            return None
        if told.verdict is Verdict.CANNOT_BE_CHECKED:
            return cannot_be_checked()
        return self._told_of([(pointer, "此处", words) for pointer, words in told.places])

    def _of_part(self, kind: str, where: str, part: bytes) -> ServiceError | None:
        found = look(part)
        if found.verdict is Verdict.CLEAN:
            return None
        if found.verdict is Verdict.CANNOT_BE_CHECKED:
            return cannot_be_checked()
        name, words = (parameter(part) if kind else None) or ("", found.words)
        return self._told_of([(name, f"{where} {name}".strip(), words)])

    def _told_of(self, places: list[tuple[str, str, str]]) -> ServiceError:
        problem = self.problem()
        problem.extensions["errors"] = [
            FieldError(pointer, "classified_material", f"{where}含有涉密标志“{words}”")
            for pointer, where, words in places
        ]
        return problem


def cannot_be_checked() -> ServiceError:
    """422: beyond the bounds of the scan."""
    return ServiceError(
        422,
        "cannot_be_checked",
        "内容转义层次过深或过于复杂，无法完成涉密检查，系统未保存任何内容；请去掉多余的转义、拆分或简化后重新提交",
    )
