"""The identity providers of a tenant; what they sign people in as is in identity.sessions."""

from __future__ import annotations

from service.kit.tables import json, moment, number, table, text

# `current`: the settings in force (schemas.IssuerSettings as JSON), null before the first confirmation. `pending`: what
# waits for the security administrator: {"settings": …, "enable": true, proposed_by, proposed_user, proposed_at}.
issuers = table(
    "issuers",
    text("id"),
    json("current", null=True),
    json("pending", null=True),
    moment("created_at"),
    moment("disabled_at", null=True),
    moment("confirmed_at", null=True),
    text("confirmed_by", null=True),
    number("version"),
    key=("id",),
    proved="issuer",
)
for _name in ("current", "pending", "disabled_at", "confirmed_at", "confirmed_by", "version"):
    issuers.c[_name].info["changes"] = True
