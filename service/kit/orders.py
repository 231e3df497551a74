"""In which order a list stands: its columns, what is behind a row, and a row's place as a cursor holds it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Date, DateTime, and_, bindparam, or_, tuple_

from service.kit.db import Row


class Order(NamedTuple):
    """By which columns a list is sorted: names under which the rows have them, the last one telling rows apart.

    `where`: what has a place in this order. `parted`: whether its index leads with the column that parts the list.
    `turned`: so many columns at the beginning go the other way round than `descending` says.
    """

    columns: tuple[tuple[str, Any], ...]
    descending: bool = False
    where: tuple[ColumnElement[bool], ...] = ()
    parted: bool = False
    turned: int = 0

    def after(self) -> ColumnElement[bool]:
        """Condition: behind the row whose columns are the parameters `after_<name>`."""
        behind = self._after(self.columns[self.turned :], down=self.descending)
        for name, each in reversed(self.columns[: self.turned]):
            beyond = self._after(((name, each),), down=not self.descending)
            behind = or_(beyond, and_(each == bindparam(f"after_{name}", type_=each.type), behind))
        return behind

    @staticmethod
    def _after(columns: tuple[tuple[str, Any], ...], *, down: bool) -> ColumnElement[bool]:
        here = tuple_(*(each for _, each in columns))
        place = tuple_(*(bindparam(f"after_{name}", type_=each.type) for name, each in columns))
        return here < place if down else here > place

    def sorted(self, columns: Any = None) -> list[Any]:
        """For ORDER BY, of the tables or of what was selected of them."""
        found = [each if columns is None else columns[name] for name, each in self.columns]
        return [
            each.desc() if self.descending is not (at < self.turned) else each
            for at, each in enumerate(found)
        ]

    def key(self, row: Row) -> list[Any]:
        """The place of a row, as a cursor holds it."""
        found = [row[name] for name, _ in self.columns]
        return [each.isoformat() if isinstance(each, date) else each for each in found]

    def place(self, key: list[Any]) -> dict[str, Any]:
        """The parameters of `after` from a cursor."""
        found: dict[str, Any] = {}
        for (name, each), value in zip(self.columns, key, strict=True):
            if isinstance(each.type, DateTime):
                value = datetime.fromisoformat(value)
            elif isinstance(each.type, Date):
                value = date.fromisoformat(value)
            found[f"after_{name}"] = value
        return found
