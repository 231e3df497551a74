"""On a telephone a row is a card: each field of it brings its heading along, for the headings are not seen there."""

from __future__ import annotations

import re
from pathlib import Path

from service.console import pages

TEMPLATES = Path(pages.__file__).parent / "templates"
# The name of a row, what is picked and what is pressed need no heading.
_BARE = re.compile(r'class="(?:pick|nowrap)"|<a class="(?:name|btn)')


def test_each_field_of_a_card_has_its_heading() -> None:
    seen = 0
    for template in sorted(TEMPLATES.rglob("*.html")):
        for table in re.findall(
            r'<table class="[^"]*\bcards\b.*?</table>', template.read_text("utf-8"), re.S
        ):
            head, _, body = table.partition("<tbody>")
            cells = re.findall(r"<td\b.*?(?=<td\b|</tr>)", body, re.S)
            told = [each for each in cells if "data-h=" in each]
            plain = [each for each in cells if "data-h=" not in each and not _BARE.search(each)]
            assert not plain, (template.name, [each[:80] for each in plain])
            for name in re.findall(r'data-h="([^"{]+)"', "".join(told)):
                assert name in head, (template.name, name)
            seen += len(told)
    assert seen > 10
