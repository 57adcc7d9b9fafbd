import { randomBytes } from "node:crypto";
import { type BrowserContext, test as base, type Page } from "@playwright/test";
import { Client } from "pg";
import { newId } from "../../../lib/platform/ids";
import { given } from "./peers";

export type Role = "member" | "moderator" | "admin";

interface People {
  readonly asAuthor: Page;
  readonly asReporter: Page;
  readonly asParty: Page;
  readonly asModerator: Page;
  readonly asReader: Page;
  /** A reader whose browser runs no scripts. */
  readonly asPlainReader: Page;
  readonly database: Client;
}

/** Signs a browser context in, as the sign-in itself does: an account, a session, a cookie. */
export async function signIn(
  context: BrowserContext,
  database: Client,
  person: { readonly name: string; readonly role: Role },
): Promise<string> {
  const userId = newId("usr");
  const token = randomBytes(32).toString("hex");
  const email = `${userId.slice(4)}@people.example`;
  await database.query(
    `INSERT INTO "user" (id, name, email, email_verified, role) VALUES ($1, $2, $3, now(), $4::role)`,
    [userId, person.name, email, person.role],
  );
  await database.query(
    `INSERT INTO session (id, session_token, user_id, expires) VALUES ($1, $2, $3, now() + interval '1 day')`,
    [newId("ses"), token, userId],
  );
  await context.addCookies([
    { name: "next-auth.session-token", value: token, url: given("ORIGIN"), httpOnly: true, sameSite: "Lax" },
  ]);
  return userId;
}

const person =
  (name: string, role: Role) =>
  async (
    {
      browser,
      database,
      contextOptions,
    }: { browser: import("@playwright/test").Browser; database: Client; contextOptions: object },
    use: (page: Page) => Promise<void>,
  ): Promise<void> => {
    const context = await browser.newContext({ ...contextOptions, baseURL: given("ORIGIN") });
    await signIn(context, database, { name, role });
    await use(await context.newPage());
    await context.close();
  };

export const test = base.extend<People>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs from this pattern
  baseURL: async ({}, use) => use(given("ORIGIN")),
  // biome-ignore lint/correctness/noEmptyPattern: as above
  database: async ({}, use) => {
    const client = new Client({ connectionString: given("DATABASE_URL") });
    await client.connect();
    await use(client);
    await client.end();
  },
  asAuthor: person("Heron author", "member"),
  asReporter: person("Night reader", "member"),
  asParty: person("Suspect's maintainer", "member"),
  asModerator: person("Moderator", "moderator"),
  asReader: async ({ browser, contextOptions }, use) => {
    const context = await browser.newContext({ ...contextOptions, baseURL: given("ORIGIN") });
    await use(await context.newPage());
    await context.close();
  },
  asPlainReader: async ({ browser, contextOptions }, use) => {
    const context = await browser.newContext({
      ...contextOptions,
      baseURL: given("ORIGIN"),
      javaScriptEnabled: false,
    });
    await use(await context.newPage());
    await context.close();
  },
});

export { expect } from "@playwright/test";
