"""RFC 8414: where the token endpoint is and what it takes, found by its well-known address alone."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import httpx

from service.identity.api_discovery import METADATA_PATH, metadata
from tests.identity.test_tokens import ISSUER


async def test_a_client_finds_everything_from_the_well_known_address(app: Any) -> None:
    """Each address that is told answers as itself, and what is not told is not taken."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ISSUER) as client:
        answer = await client.get(METADATA_PATH)
        told = answer.json()
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
        assert (told["issuer"], told["response_types_supported"]) == (ISSUER, [])
        assert (await client.get(told["jwks_uri"])).json()["keys"]
        assert (await client.get(told["service_documentation"])).status_code == 200
        for grant in told["grant_types_supported"]:
            asked = await client.post(told["token_endpoint"], data={"grant_type": grant})
            assert asked.json()["code"] != "unsupported_grant_type", grant
        refused = await client.post(told["token_endpoint"], data={"grant_type": "password"})
        assert refused.json()["code"] == "unsupported_grant_type"
        assert (await client.post(told["revocation_endpoint"], data={"token": "x"})).status_code == 401


def test_the_issuer_is_told_to_the_letter_and_addresses_have_one_slash() -> None:
    told = metadata("https://tongjian.example/")
    assert told.issuer == "https://tongjian.example/"
    assert {urlsplit(each).netloc for each in (told.token_endpoint, told.jwks_uri)} == {"tongjian.example"}
    assert told.token_endpoint == "https://tongjian.example/api/v1/oauth/token"
