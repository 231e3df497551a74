"""What a misspelt name is answered with, and a parameter that stands twice."""

from __future__ import annotations

from typing import Any

import pytest

from service.kit.errors import ServiceError
from service.kit.paging import seal, unseal


async def test_a_misspelt_name_is_told_which_names_there_are(as_user: Any) -> None:
    answer = await as_user("360100", "gatekeeper")("GET", "/projects?stat=draft")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_query")
    fault = answer.json()["errors"][0]
    assert (fault["pointer"], fault["code"]) == ("stat", "unknown_field")
    assert "、state、" in fault["detail"] and "stat=" not in answer.text
    body = {"titel": "x"}
    answer = await as_user("360100", "unit")("POST", "/projects", body)
    assert answer.status_code == 422
    fault = next(each for each in answer.json()["errors"] if each["pointer"] == "/titel")
    assert "name、" in fault["detail"]


async def test_a_parameter_stands_once(as_user: Any) -> None:
    """Which of the two counts would be anybody's guess, and another's than a proxy's before us."""
    for asked in ("text=a&text=b", "text=a&%74ext=b"):
        answer = await as_user("360100", "gatekeeper")("GET", f"/projects?{asked}")
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_query"), asked
        assert answer.json()["errors"][0]["pointer"] == "text"


def test_a_cursor_is_spelt_one_way() -> None:
    """The decoder skips what is no letter of its alphabet: the same place must not have many names."""
    cursor = seal(b"secret", "list", ["甲", 3])
    assert unseal(b"secret", "list", cursor) == ["甲", 3]
    for other in (f"{cursor}=", f"{cursor}!!!!", f"{cursor[:4]}.{cursor[4:]}", f" {cursor}", f"{cursor}\n"):
        with pytest.raises(ServiceError) as refused:
            unseal(b"secret", "list", other)
        assert (refused.value.status, refused.value.code) == (400, "invalid_cursor")
