"""A browser without JavaScript: pages, the forms on them, and what a reader sees of them."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

import httpx

from service.vocabulary import VOCABULARIES
from tests.console.filed import unsaid

HIDDEN = {"script", "style", "template", "head"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
# Codes as the wire spells them: two words joined, so that no word of a sentence is taken for one.
CODES = sorted({code for each in VOCABULARIES.values() for code in each.names if "_" in code})
CODE = re.compile(r"(?<![\w./-])(" + "|".join(map(re.escape, CODES)) + r")(?![\w/-])")
LOGIN = re.compile(r"\b(?:user|client):\d{6}:")
# What no vocabulary need know to be a code: words joined by underscores, ids of things, moments as the wire has them.
RAW = re.compile(
    r"(?<![\w./@:=-])[a-z]+\d*(?:_[a-z0-9]+)+(?![\w/@.=-])"
    r"|\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b|\b\d{4}-\d\d-\d\dT\d\d:\d\d"
)
# Codes of one word, and values of a language: one of them is a text by itself only where nobody worded it.
ALONE = {code for each in VOCABULARIES.values() for code in each.names if re.fullmatch("[a-z]{2,}", code)} | {
    "None",
    "True",
    "False",
    "null",
    "undefined",
    "nan",
    "[]",
    "{}",
}


class Form:
    """A form as it stands on the page: where it goes and what its fields hold."""

    def __init__(self, attributes: dict[str, str | None]) -> None:
        self.action, self.method = attributes.get("action"), (attributes.get("method") or "get").lower()
        self.fields: dict[str, Any] = {}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.seen: list[str] = []
        self.told: list[str] = []  # without what is spelt out on purpose: logins, addresses, in <code>
        self.forms: list[Form] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._open: list[str] = []
        self._area = self._select = ""
        self._kept = False  # inside a text area that nobody sees

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append((tag, given))
        if tag not in VOID:
            self._open.append(tag)
        if tag == "form":
            self.forms.append(Form(given))
        name = given.get("name")
        if (
            self.forms
            and tag == "input"
            and name
            and (given.get("type") not in ("checkbox", "radio") or "checked" in given)
        ):
            self.forms[-1].fields[name] = given.get("value") or ""
        if tag == "textarea":
            self._area, self._kept = name or "", "hidden" in given
            if self.forms and name:
                self.forms[-1].fields[name] = ""
        if tag == "select":
            self._select = name or ""
        if (
            tag == "option"
            and self.forms
            and self._select
            and ("selected" in given or self._select not in self.forms[-1].fields)
        ):
            self.forms[-1].fields[self._select] = given.get("value") or ""
        if tag == "input" and given.get("type") in (None, "text", "search", "email", "tel"):
            self.told.append(given.get("value") or "")
        for shown in ("placeholder", "title", "aria-label", "alt"):
            if given.get(shown):
                self.seen.append(str(given[shown]))
                self.told.append(str(given[shown]))

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            while self._open.pop() != tag:
                continue
        if tag == "textarea":
            self._area, self._kept = "", False

    def handle_data(self, data: str) -> None:
        if self._area and self.forms:
            self.forms[-1].fields[self._area] += (
                data.lstrip("\n") if not self.forms[-1].fields[self._area] else data
            )
        if not self._kept and not HIDDEN.intersection(self._open):
            self.seen.append(data)
            if "code" not in self._open:
                self.told.append(data)


def read(html: str) -> _Reader:
    """What stands in a page, or in a piece of one."""
    reader = _Reader()
    reader.feed(html)
    return reader


class Shown:
    """A page as it came. `unsaid`: the files that it links to without saying so."""

    def __init__(self, response: httpx.Response) -> None:
        self.response, self.status, self.html = response, response.status_code, response.text
        self._reader = read(self.html)
        self.text = "\n".join(part.strip() for part in self._reader.seen if part.strip())
        self.forms, self.tags = self._reader.forms, self._reader.tags
        self.unsaid = unsaid(self.tags)

    @property
    def codes(self) -> list[str]:
        """What nobody should have to read: codes of the vocabulary, names of actors as the trail spells them."""
        told = "\n".join(self._reader.told)
        alone = [each.strip() for each in self._reader.told if each.strip() in ALONE]
        return [*dict.fromkeys([*CODE.findall(told), *LOGIN.findall(told), *RAW.findall(told), *alone])]

    @property
    def dangling(self) -> list[str]:
        """Fields that a list of faults leads to and the page does not have."""
        ids = {given.get("id") for _, given in self.tags}
        led = [str(given.get("href")) for tag, given in self.tags if tag == "a"]
        return [each for each in led if each.startswith("#f-") and each[1:] not in ids]

    def form(self, operation: str) -> Form:
        """The form of one operation."""
        return next(each for each in self.forms if each.fields.get("_op") == operation)


class Browser:
    """Goes to pages and sends their forms, as Chromium without JavaScript does."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def go(self, path: str) -> Shown:
        shown = Shown(await self.client.get(path))
        assert not shown.unsaid, (path, shown.unsaid)
        return shown

    async def send(self, at: str, form: Form, **headers: Any) -> httpx.Response:
        given = {
            "content-type": "application/x-www-form-urlencoded",
            "sec-fetch-site": "same-origin",
            **headers,
        }
        sent = await self.client.post(
            form.action or at, content=urlencode(form.fields, doseq=True), headers=given
        )
        assert sent.status_code != 422 or not (lost := Shown(sent).dangling), lost
        return sent

    async def shown(self, at: str, form: Form, **headers: Any) -> Shown:
        """The page that answers a form."""
        return Shown(await self.send(at, form, **headers))
