"""The routing of many projects at once: the same law as routing.py and checks.py, without a word of explanation.

What-if replays tens of thousands of decisions in seconds, so `judge` reads figures, not texts. A property test holds
it to `route`: same route, same findings, on any facts and any amended rules.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from service.characters.keys import key
from service.characters.placeholders import says
from service.measures.facts import ProjectClass
from service.measures.local_checks import KEY as LOCAL_CHECKS
from service.measures.local_checks import LocalCheck, local_check
from service.measures.parameters import RuleBook, UnknownParameter, UnknownVersion
from service.measures.plausible import BUILD, MAINTAIN, MOST
from service.measures.plausible import READ as UNUSUAL_AMOUNTS
from service.measures.plausible import codes as amount_codes
from service.measures.routing import SETTLED
from service.measures.rule_entries import Value, merged

PROVINCIAL, CITY, OUTSIDE = "provincial_review", "city_filing", "out_of_scope"
NEAR_LINE, STEPS = "near_line.percent", "review.city_steps"
_CLASSES = tuple(each.value for each in ProjectClass)
# The parameters a routing decision reads: what else is changed changes no decision.
READ = frozenset(
    {f"{part}.{name}" for part in ("limit", "maintenance_excluded") for name in _CLASSES}
    | {"limit.figure_included", "integration.either_suffices", NEAR_LINE, LOCAL_CHECKS, STEPS}
    | set(UNUSUAL_AMOUNTS)
)


class Project(NamedTuple):
    """What routing reads of one project; amounts in fen. `checked`: the catalogue was searched (art. 23).

    `settled_fen`: the amount that the province's leading group decided on, where that keeps the route (R22).
    """

    tier: str
    office_kind: str
    project_class: str
    kind: str
    investment_fen: int
    maintenance_fen: int
    fiscal_funds: bool
    several_offices: bool
    cross_level: bool
    deployment: bool
    featured: bool
    in_library: bool
    checked: bool
    previous_accepted: bool | None
    negative: tuple[bool | None, ...]
    settled_fen: int | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """What `judge` reads of a rule book on one day."""

    limit: Mapping[str, int]
    excluded: Mapping[str, bool]
    inclusive: bool
    either: bool
    percent: int
    local: tuple[LocalCheck, ...]
    steps: str
    build: int
    maintain: int
    most: int
    settles: bool = False


@dataclass(frozen=True, slots=True)
class Reclassify:
    """A changed definition: projects of `of_class` (of these kinds, so evidenced) count as `to_class`."""

    of_class: str
    to_class: str
    kinds: tuple[str, ...] = ()
    several_offices: bool | None = None
    cross_level: bool | None = None

    def __call__(self, project: Project) -> bool:
        return (
            project.project_class == self.of_class
            and (not self.kinds or project.kind in self.kinds)
            and self.several_offices in (None, project.several_offices)
            and self.cross_level in (None, project.cross_level)
        )


def reclassified(project: Project, definitions: Iterable[Reclassify]) -> Project:
    """The project under changed definitions; the first that fits counts."""
    for definition in definitions:
        if definition(project):
            return project._replace(project_class=definition.to_class)
    return project


def several_offices_in(names: Iterable[str], owner: str | None) -> bool:
    """Whether offices besides the owner take part; placeholders and the owner itself are no evidence."""
    return bool({key(name) for name in names if says(name)} - {"", key(owner or "")})


def rules_on(book: RuleBook, on: date, changes: Mapping[str, Value] | None = None) -> Rules:
    """The book's figures of a day, the province's values replaced by `changes` where given."""
    given = changes or {}

    def value(key: str) -> Value:
        entry = book.entry_on(key, on)
        if key in given:
            entry = replace(entry, value=given[key])
        return merged(entry, book.overlay_on(key, on))

    return Rules(
        limit={name: int(str(value(f"limit.{name}"))) for name in _CLASSES},
        excluded={name: bool(value(f"maintenance_excluded.{name}")) for name in _CLASSES},
        inclusive=bool(value("limit.figure_included")),
        either=bool(value("integration.either_suffices")),
        percent=int(str(value(NEAR_LINE))),
        local=tuple(map(local_check, _listed(_or(value, LOCAL_CHECKS, ())))),
        steps=str(_or(value, STEPS, "direct")),
        build=int(str(value(BUILD))),
        maintain=int(str(value(MAINTAIN))),
        most=int(str(value(MOST))),
        settles=bool(_or(value, SETTLED, False)),
    )


def _or(value: Callable[[str], Value], key: str, before: Value) -> Value:
    """A value, or what held before the rule book knew of the parameter."""
    try:
        return value(key)
    except UnknownParameter:
        return before


def _listed(value: Value) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()


class Timeline:
    """A tenant's rules before and after the change, by day and by what a decision says it was made by.

    Rules change only where a row takes effect. `own`: the province's own book, by which it decides a city's cases.
    """

    def __init__(self, book: RuleBook, changes: Mapping[str, Value], own: RuleBook | None = None) -> None:
        self._books = (book,) if own is None or own is book else (book, own)
        self._changes = changes
        days = {row.effective_from for rows in (book.entries, book.overlays, book.readings) for row in rows}
        self._days = sorted(day for day in days if day >= book.first_date)
        self._starts = [day.isoformat() for day in self._days]
        self._made: dict[tuple[int, str | None, tuple[str, ...]], tuple[Rules, Rules]] = {}

    def on(self, day: str, version: str | None = None, aside: tuple[str, ...] = ()) -> tuple[Rules, Rules]:
        """(as it was, as it would have been) on an ISO day; a day before the first rules counts as the first.

        `version` and `aside` are those of the decision: the case's own law, which later rules may have spared.
        """
        key = (max(0, bisect_right(self._starts, day) - 1), version, aside)
        if key not in self._made:
            start = self._days[key[0]]
            book = self._governing(start, version, aside)
            self._made[key] = (rules_on(book, start), rules_on(book, start, self._changes))
        return self._made[key]

    def _governing(self, on: date, version: str | None, aside: tuple[str, ...]) -> RuleBook:
        """The book that gave the version, as it was known then; that of the day where no version is told or found."""
        recalled = [book.recalled(aside) for book in self._books]
        for book in recalled if version is not None else ():
            if book.version(on) == version:
                return book
        for book in recalled if version is not None else ():
            try:
                return book.lookup(str(version), on, spared=False)
            except UnknownVersion:
                continue
        return recalled[0]


def judge(project: Project, rules: Rules) -> tuple[str, tuple[str, ...]]:
    """The route, and the findings that rules bear on (arts 2, 8, 9, 19); see `steady_findings` for the others."""
    if not project.fiscal_funds or project.office_kind == "other":
        return OUTSIDE, ()
    if project.tier == "province":
        return PROVINCIAL, (*(() if project.in_library else (_library(project),)), *_amounts(project, rules))
    name = project.project_class
    limit = rules.limit[name]
    counted = project.investment_fen
    if rules.excluded[name]:
        counted -= project.maintenance_fen
    provincial = counted >= limit if rules.inclusive else counted > limit
    provincial = provincial or _settled(project, rules)
    codes = []
    if provincial:
        if not project.in_library:
            codes.append(_library(project))
    elif counted * 100 >= limit * rules.percent:
        codes.append("near_line")
    if name == "integration" and not _proven(project, rules.either):
        codes.append("label_without_evidence")
    if counted != project.investment_fen:
        codes.append("maintenance_excluded")
        if not provincial and project.investment_fen >= limit:
            codes.append("under_line_by_maintenance")
    codes += _amounts(project, rules)
    for check in rules.local:
        if check.concerns(project.kind, project.investment_fen):
            codes.append(check.code)
    return PROVINCIAL if provincial else CITY, tuple(codes)


def _settled(project: Project, rules: Rules) -> bool:
    """R22: decided by the leading group at one amount and approved at no more, it stays where it was decided."""
    return rules.settles and project.settled_fen is not None and project.investment_fen <= project.settled_fen


def _amounts(project: Project, rules: Rules) -> list[str]:
    """Practice: nothing invested, or an amount out of all proportion."""
    maintain = project.kind == "maintain"
    least = rules.maintain if maintain else rules.build
    return amount_codes(
        project.investment_fen, project.maintenance_fen, maintain, least, rules.maintain, rules.most
    )


def _library(project: Project) -> str:
    """Art. 19: outside the library, a cited deployment is the exception."""
    return "library_exception_deployment" if project.deployment else "not_in_library"


def _proven(project: Project, either: bool) -> bool:
    """Art. 9, R4: one kind of evidence, or both."""
    if either:
        return project.several_offices or project.cross_level
    return project.several_offices and project.cross_level


def steady_findings(project: Project) -> tuple[str, ...]:
    """The findings no parameter bears on: arts 17 and 23."""
    if not project.fiscal_funds or project.office_kind == "other":
        return ()
    answers = [*project.negative, _unaccepted(project)]
    codes = [f"negative_17_{item}" for item, answer in enumerate(answers, 1) if answer is True]
    if None in answers:
        codes.append("negative_not_checked")
    if project.tier != "province" and project.kind == "new":
        if project.tier == "county" and not project.featured:
            codes.append("county_reuse_first")
        if not project.checked:
            codes.append("reuse_not_checked")
    return tuple(codes)


def _unaccepted(project: Project) -> bool | None:
    """Art. 17 item 7: an upgrade before the previous project was accepted; None = nobody looked."""
    if project.kind not in ("rebuild", "expand"):
        return False
    return None if project.previous_accepted is None else not project.previous_accepted
