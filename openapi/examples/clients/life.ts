// From draft to receipt with the generated types; the webhook that follows is verified by its signature.
import { createHmac, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import createClient from "openapi-fetch";
import type { components, paths } from "./schema";
type Schemas = components["schemas"];
const env = (name: string): string => process.env[name] ?? "";
const read = <T>(name: string): T => JSON.parse(readFileSync(`${env("EXAMPLES")}/${name}`, "utf8")) as T;
const as = (who: string) =>
  createClient<paths>({ baseUrl: env("BASE"), headers: { authorization: `Bearer ${env(who)}` } });
const [unit, keeper, approver, admin] = [as("UNIT"), as("KEEPER"), as("APPROVER"), as("ADMIN")];
const of = (seen: { id: string; version: number }) => ({
  path: { ref: seen.id },
  header: { "If-Match": `"${seen.version}"`, "Idempotency-Key": randomUUID() },
});
const got = <T>(answer: { data?: T; error?: unknown }): T => {
  if (answer.data === undefined) throw new Error(JSON.stringify(answer.error));
  return answer.data;
};
async function main(): Promise<void> {
  const body = { url: `http://127.0.0.1:${env("HOOK")}/`, kinds: ["filing.filed" as const] };
  const made = got(await admin.POST("/api/v1/webhooks", { body }));
  const key = Buffer.from((made.secret ?? "").slice(6), "base64");
  const told = new Promise<Schemas["FilingFiledEvent"]>((done) => createServer((asked, answer) => asked.toArray().then((parts: Buffer[]) => {
    const said = Buffer.concat([Buffer.from(`${asked.headers["webhook-id"]}.${asked.headers["webhook-timestamp"]}.`), ...parts]);
    const mark = `v1,${createHmac("sha256", key).update(said).digest("base64")}`;
    if (!String(asked.headers["webhook-signature"]).split(" ").includes(mark)) throw new Error("not signed by the service");
    answer.writeHead(204).end(() => done(JSON.parse(Buffer.concat(parts).toString()) as Schemas["FilingFiledEvent"]));
  })).listen(Number(env("HOOK")), "127.0.0.1"));
  let seen = got(await unit.POST("/api/v1/projects", { body: read<Schemas["DraftIn"]>("clients/declaration.json") }));
  got(await unit.POST("/api/v1/projects/{ref}/preview", { params: { path: { ref: seen.id } } }));
  seen = got(await unit.POST("/api/v1/projects/{ref}/submit", { params: of(seen), body: {} }));
  seen = got(await keeper.POST("/api/v1/projects/{ref}/gatekeeping/pass", { params: of(seen), body: {} }));
  seen = got(await approver.POST("/api/v1/projects/{ref}/approve", { params: of(seen), body: read<Schemas["ApproveIn"]>("filings_approve.json") }));
  const filed = got(await keeper.POST("/api/v1/projects/{ref}/file", { params: of(seen), body: {} }));
  const event = await told;
  console.log(filed.receipt.filing_number, event.type, event.data.project.state);
}
main().then(() => process.exit(0), (error: unknown) => { console.error(error); process.exit(1); });
