import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import Provider from "oidc-provider";

export interface OidcPeer {
  readonly issuer: string;
  close(): Promise<void>;
}

/**
 * A real OpenID Connect provider on loopback, with its own log-in and consent pages: any name is accepted, and the
 * account's address is NAME@oidc.example, verified.
 */
export async function startOidc(
  client: { readonly id: string; readonly secret: string; readonly redirectUris: readonly string[] },
  port = 0,
): Promise<OidcPeer> {
  const chosen = port || (await freePort());
  const issuer = `http://127.0.0.1:${chosen}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        redirect_uris: [...client.redirectUris],
        grant_types: ["authorization_code"],
        response_types: ["code"],
      },
    ],
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name", "preferred_username"] },
    conformIdTokenClaims: false,
    cookies: { keys: ["loopback-only"] },
    pkce: { required: () => true },
    findAccount: (_context, id) => ({
      accountId: id,
      claims: () => ({
        sub: id,
        name: `Legal Name of ${id}`,
        preferred_username: id,
        email: `${id}@oidc.example`,
        email_verified: true,
      }),
    }),
  });
  const server: Server = provider.listen(chosen, "127.0.0.1");
  await new Promise<void>((resolve) => server.once("listening", () => resolve()));
  return {
    issuer,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

export async function freePort(): Promise<number> {
  const { createServer } = await import("node:net");
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
