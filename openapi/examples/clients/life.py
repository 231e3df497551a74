"""From draft to receipt with the generated client; the webhook that follows is verified by its signature."""

import base64, hashlib, hmac, json, os, uuid  # noqa: E401
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from tongjian_client import AuthenticatedClient as Client
from tongjian_client import models as m
from tongjian_client.api.filings import filings_approve, filings_file
from tongjian_client.api.projects import projects_create, projects_gatekeep_pass, projects_preview_case, projects_submit
from tongjian_client.api.webhooks import webhooks_create

env, told = os.environ, list[Any]()
unit, keeper, approver, admin = (Client(env["BASE"], env[who]) for who in ("UNIT", "KEEPER", "APPROVER", "ADMIN"))
draft = m.DraftIn.from_dict(json.loads(Path(env["EXAMPLES"], "clients/declaration.json").read_text("utf-8")))
approval = m.ApproveIn.from_dict(json.loads(Path(env["EXAMPLES"], "filings_approve.json").read_text("utf-8")))
class Hook(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        said = f"{self.headers['webhook-id']}.{self.headers['webhook-timestamp']}.".encode() + body
        digest = hmac.digest(base64.b64decode(secret.removeprefix("whsec_")), said, hashlib.sha256)
        assert f"v1,{base64.b64encode(digest).decode()}" in self.headers["webhook-signature"].split()
        told.append(json.loads(body))
        self.send_response_only(204)
        self.end_headers()
def asked(step: Any, who: Client, *ref: str, **given: Any) -> Any:
    found = step.sync(*ref, client=who, idempotency_key=str(uuid.uuid4()), **given)
    assert not type(found).__name__.endswith("Problem"), found
    return found
server, hook = HTTPServer(("127.0.0.1", int(env["HOOK"])), Hook), f"http://127.0.0.1:{env['HOOK']}/"
secret: str = asked(webhooks_create, admin, body=m.EndpointIn(hook, [m.EventSubscriptionCode("filing.filed")])).secret
case: m.ProjectView = asked(projects_create, unit, body=draft)
preview = projects_preview_case.sync(case.id, client=unit)
assert isinstance(preview, m.Preview) and not preview.missing, preview
case = asked(projects_submit, unit, case.id, body=m.SubmitIn(), if_match=f'"{case.version}"')
case = asked(projects_gatekeep_pass, keeper, case.id, body=m.GatekeepIn(), if_match=f'"{case.version}"')
case = asked(filings_approve, approver, case.id, body=approval, if_match=f'"{case.version}"')
filed: m.Filed = asked(filings_file, keeper, case.id, body=m.FileIn(), if_match=f'"{case.version}"')
server.handle_request()
print(filed.receipt.filing_number, told[0]["type"], told[0]["data"]["project"]["state"])
