"""Domestic desktops run Chromium 86 to 93: what such a browser cannot read, the console's files do not say.

A declaration an old browser does not know is dropped alone: only such are taken as nobody misses. A selector or rule it
cannot parse takes the whole rule with it, and a script it cannot parse does nothing at all (`make browser` has acorn
parse them as ES2021, which is what Chromium 86 knows).
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from service.console import pages, static

CSS = (static.STATIC / "console.css").read_text(encoding="utf-8")
SCRIPTS = {name: (static.STATIC / name).read_text(encoding="utf-8") for name in ("console.js", "htmx.min.js")}
TEMPLATES = sorted((Path(pages.__file__).parent / "templates").rglob("*.html"))

AT_RULES = {"media", "supports", "page", "keyframes", "font-face"}
MEDIA = {"print", "screen", "max-width", "min-width", "prefers-color-scheme", "prefers-reduced-motion"}
LATER_MEDIA = {
    "forced-colors": 89
}  # an older one leaves the block out, and has no colours of the system's either
PSEUDO = {
    "root",
    "hover",
    "focus",
    "focus-visible",
    "focus-within",
    "active",
    "visited",
    "link",
    "target",
    "empty",
    "checked",
    "disabled",
    "enabled",
    "required",
    "invalid",
    "not",
    "first-child",
    "last-child",
    "only-child",
    "nth-child",
    "nth-last-child",
    "first-of-type",
    "last-of-type",
    "nth-of-type",
    "before",
    "after",
    "placeholder",
    "selection",
    "marker",
    "-webkit-details-marker",
    "first-line",
    "first-letter",
}
# Since Chromium 87 or later, by the compatibility data of 2024: property, and whether it is missed where it is dropped.
LATER = {
    "inset": 87,
    "inset-inline": 87,
    "inset-block": 87,
    "margin-inline": 87,
    "margin-block": 87,
    "padding-inline": 87,
    "padding-block": 87,
    "aspect-ratio": 88,
    "text-decoration-skip-ink": 87,
    "scrollbar-gutter": 94,
    "scrollbar-color": 121,
    "translate": 104,
    "rotate": 104,
    "scale": 104,
    "container": 105,
    "container-type": 105,
    "text-wrap": 114,
    "field-sizing": 123,
    "view-transition-name": 111,
    "color-mix": 111,
    "font-palette": 101,
    "content-visibility": 85,
    "text-box": 133,
    "interpolate-size": 129,
    "zoom": 1,
}
NOT_MISSED = {"text-underline-offset": 87, "text-decoration-thickness": 89, "accent-color": 93}
VALUES = {
    "a colour function": r"\b(?:oklch|oklab|lch|lab|hwb|color-mix|light-dark|color)\(",
    "a unit of the small or dynamic viewport": r"\d(?:dvh|svh|lvh|dvw|svw|lvw|cqw|cqh|cqi|lh|rlh)\b",
    "overflow: clip": r"overflow(?:-[xy])?\s*:\s*clip",
    "a colour of the system with blanks and a slash": r"rgba?\(\s*from\b",
}
APIS = {
    "at()": r"\.at\(-?\d",
    "structuredClone": r"\bstructuredClone\(",
    "Object.hasOwn": r"\bObject\.hasOwn\(",
    "findLast": r"\.findLast(?:Index)?\(",
    "randomUUID": r"\.randomUUID\(",
    "toSorted": r"\.to(?:Sorted|Reversed|Spliced)\(",
    "static block": r"\bstatic\s*\{",
    "flags d and v": r"/[gimsuy]*[dv][gimsuy]*\.(?:test|exec)\(",
    ":has, :is or :where in a selector": r"[\"'][^\"']*:(?:has|is|where)\(",
    "scheduler or navigation": r"\b(?:scheduler\.postTask|navigation\.navigate|document\.startViewTransition\(\(\))",
}
MARKUP = {
    "popover": r"\spopover[=\s>]",
    "inert": r"<[^>]*\sinert[\s>=]",
    "search element": r"<search[\s>]",
    "blocking": r"\sblocking=",
    "dialog closedby": r"\sclosedby=",
}


def blocks(css: str) -> list[tuple[str, str, list[str]]]:
    """Every rule: its prelude, its declarations, and the preludes it stands in."""
    text = re.sub(r"/\*.*?\*/", "", css, flags=re.S)
    found, outer, start = [], list[str](), 0
    for place, sign in enumerate(text):
        if sign == "{":
            outer.append(text[start:place].split(";")[-1].strip())
            start = place + 1
        elif sign == "}":
            found.append((outer[-1], text[start:place], outer[:-1]))
            outer.pop()
            start = place + 1
    assert not outer, "a brace is open"
    return found


def faults(css: str) -> list[str]:
    """What Chromium 86 could not read of a stylesheet."""
    told = []
    for prelude, body, outer in blocks(css):
        told += [f"{prelude}: stands in {each}" for each in outer if not each.startswith("@")]
        if prelude.startswith("@"):
            name = prelude[1:].split()[0]
            told += [] if name in AT_RULES else [f"@{name}"]
            if name == "media":
                told += [
                    f"@media: {word}"
                    for word in re.findall(r"[a-z-]+(?=\s*[:)]|$)|[<>]=?", prelude[6:])
                    if word
                    not in MEDIA
                    | LATER_MEDIA.keys()
                    | {"active", "dark", "light", "no-preference", "reduce", "px"}
                ]
        else:
            told += [
                f"{prelude}: :{each}" for each in re.findall(r"::?([a-z-]+)", prelude) if each not in PSEUDO
            ]
            told += [
                f"{prelude}: a list in :not"
                for each in re.findall(r":not\(([^)]*)\)", prelude)
                if "," in each
            ]
            told += [f"{prelude}: nested" for _ in re.findall(r"&", prelude)]
        for name, _ in re.findall(r"(?:^|;)\s*([a-z-]+)\s*:([^;]*)", body):
            told += [f"{prelude}: {name}"] if LATER.get(name, 0) > 86 and name not in NOT_MISSED else []
    text = re.sub(r"/\*.*?\*/", "", css, flags=re.S)
    return told + [what for what, sign in VALUES.items() if re.search(sign, text)]


def test_the_stylesheet_is_one_that_chromium_86_reads() -> None:
    assert faults(CSS) == []
    assert len(blocks(CSS)) > 200


@pytest.mark.parametrize(
    "css",
    [
        ".a:has(b) { color: red }",
        ".a { .b { color: red } }",
        "@layer x { a { color: red } }",
        ".a { inset: 0 }",
        "@container (min-width: 1px) { a { color: red } }",
        ".a { color: oklch(1 0 0) }",
        ":is(a, b) { color: red }",
        ".a:not(.b, .c) { color: red }",
        "@media (width >= 600px) { a { color: red } }",
        ".a { height: 100dvh }",
        ".a { color: light-dark(red, blue) }",
        "@media (prefers-contrast: more) { a { color: red } }",
        ".a { aspect-ratio: 1 }",
    ],
)
def test_what_came_later_is_found(css: str) -> None:
    assert faults(css)


@pytest.mark.parametrize("name", SCRIPTS)
def test_scripts_call_nothing_that_came_later(name: str) -> None:
    assert [what for what, sign in APIS.items() if re.search(sign, SCRIPTS[name])] == []


def test_pages_use_no_element_or_attribute_that_came_later() -> None:
    told = [
        (page.name, what)
        for page in TEMPLATES
        for what, sign in MARKUP.items()
        if re.search(sign, page.read_text(encoding="utf-8"))
    ]
    assert told == []


def test_dark_is_the_same_whether_the_system_or_the_reader_chose_it() -> None:
    """Two blocks in the file, since a media query and an attribute cannot share one: held together here."""
    by = {prelude: re.sub(r"\s+", "", body) for prelude, body, _ in blocks(CSS)}
    assert by[':root:not([data-theme="light"])'] == by[':root[data-theme="dark"]'] != ""


def test_a_theme_changes_colours_and_nothing_else() -> None:
    """So that what is asked of the light page at a width holds of the dark one, but for its colours (0229)."""
    for prelude, body, outer in blocks(CSS):
        if "data-theme" in prelude or any("prefers-color-scheme" in each for each in outer):
            said = set(re.findall(r"(?:^|;)\s*([a-z-]+)\s*:", body))
            assert all(each.startswith("--") or each == "color-scheme" for each in said), (prelude, said)
            values = re.findall(r"(?:^|;)\s*--[a-z0-9-]+\s*:([^;]*)", body)
            told = [each for each in values if not re.search(r"#|rgba?\(|^ none$", each)]
            assert told == [], (prelude, told)
