// One OpenID provider: node provider.mjs CONFIG. Prints its issuer when it listens; ends with its standard input.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import Provider from "oidc-provider";

const config = JSON.parse(readFileSync(process.argv[2], "utf8"));
const server = createServer((request, response) => provider.callback()(request, response));
let provider;
server.listen(config.port, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  provider = new Provider(issuer, {
    clients: config.clients,
    jwks: config.jwks,
    cookies: { keys: ["a drill's key"] },
    enabledJWA: {
      idTokenSigningAlgValues: ["RS256", "PS256", "ES256", "EdDSA"],
      clientAuthSigningAlgValues: ["EdDSA", "HS256", "RS256", "PS256", "ES256"],
    },
    pkce: { required: () => true },
    conformIdTokenClaims: false,
    claims: { openid: ["sub", "groups", "city"] },
    features: {
      devInteractions: { enabled: true },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: { enabled: true },
    },
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => ({ sub: id, groups: config.groups, city: config.city }),
    }),
  });
  provider.on("server_error", (_, error) => console.error(error.stack));
  provider.on("backchannel.error", (_, error) => console.error("backchannel", error.message));
  console.log(issuer);
});
process.stdin.resume().on("end", () => process.exit(0));
