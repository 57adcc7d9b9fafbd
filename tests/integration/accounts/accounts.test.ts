import { describe, expect, it } from "vitest";
import type { AccountContext } from "@/lib/accounts/account-context";
import { accountsAdapter } from "@/lib/accounts/adapter";
import { deleteAccount } from "@/lib/accounts/delete-account";
import { endSession } from "@/lib/accounts/end-session";
import { grantRole } from "@/lib/accounts/grant-role";
import { accountPage } from "@/lib/accounts/queries";
import { redeemSetupLink, setupLinkIsOpen } from "@/lib/accounts/redeem-setup-link";
import { renameAccount } from "@/lib/accounts/rename-account";
import { createSetupLink, hashSetupToken } from "@/lib/accounts/setup-link";
import { unlinkIdentity } from "@/lib/accounts/unlink-identity";
import { systemClock } from "@/lib/platform/clock";
import { anonymous, type Viewer } from "@/lib/platform/context";
import { testDatabase } from "../../support/database";

const { db } = await testDatabase();
const adapter = accountsAdapter(db, async () => "Firefox on Linux");
const as = (viewer: Viewer): AccountContext => ({ db, clock: systemClock, viewer });
const member = (userId: string): AccountContext => as({ role: "member", userId, name: "x" });
const later = () => new Date(Date.now() + 3_600_000);

async function signUp(email: string) {
  const user = await adapter.createUser!({ email, emailVerified: new Date(), name: "Legal Name" } as never);
  const sessionToken = `token-${email}`;
  await adapter.createSession!({ sessionToken, userId: user.id, expires: later() });
  return { id: user.id, sessionToken };
}

describe("the adapter", () => {
  it("starts a new person under a pseudonym, never under the provider's name", async () => {
    const { id } = await signUp("A.Person@Example.org");
    const row = await db.user.findUniqueOrThrow({ where: { id } });
    expect(row.name).toMatch(/^reader-[a-z]{5}$/);
    expect(row.email).toBe("a.person@example.org");
    expect((await adapter.getUserByEmail!("A.PERSON@example.ORG"))?.id).toBe(id);
  });

  it("keeps no token of an identity provider", async () => {
    const { id } = await signUp("tokens@example.org");
    await adapter.linkAccount!({
      userId: id,
      type: "oauth",
      provider: "oidc",
      providerAccountId: "42",
      access_token: "secret",
      refresh_token: "secret",
      id_token: "secret",
    });
    const row = await db.account.findFirstOrThrow({ where: { userId: id } });
    expect(JSON.stringify(row)).not.toContain("secret");
    expect((await adapter.getUserByAccount!({ provider: "oidc", providerAccountId: "42" }))?.id).toBe(id);
  });

  it("lets a verification token be used once", async () => {
    await adapter.createVerificationToken!({ identifier: "x@example.org", token: "t", expires: later() });
    const use = () => adapter.useVerificationToken!({ identifier: "x@example.org", token: "t" });
    const [first, second] = await Promise.all([use(), use()]);
    expect([first, second].filter((token) => token !== null)).toHaveLength(1);
  });
});

describe("the account page's commands", () => {
  it("asks anonymous callers to sign in", async () => {
    await expect(accountPage(as(anonymous), null)).rejects.toMatchObject({ code: "sign-in-required" });
    await expect(renameAccount(as(anonymous), { name: "abc" })).rejects.toMatchObject({
      code: "sign-in-required",
    });
  });

  it("renames, and names the field that is wrong", async () => {
    const { id } = await signUp("rename@example.org");
    await renameAccount(member(id), { name: "  竹简研究者 7 " });
    expect((await accountPage(member(id), null)).name).toBe("竹简研究者 7");
    for (const name of ["a", "x".repeat(41), "-abc", "a\u202eb", "<b>bold</b>"]) {
      await expect(renameAccount(member(id), { name })).rejects.toMatchObject({ code: "invalid-input" });
    }
  });

  it("ends one's own session and nobody else's", async () => {
    const mine = await signUp("mine@example.org");
    const other = await signUp("other@example.org");
    const theirs = await db.session.findFirstOrThrow({ where: { userId: other.id } });
    await endSession(member(mine.id), { sessionId: theirs.id });
    expect(await db.session.count({ where: { userId: other.id } })).toBe(1);
    const own = (await accountPage(member(mine.id), mine.sessionToken)).sessions[0]!;
    expect(own).toMatchObject({ device: "Firefox on Linux", current: true });
    await endSession(member(mine.id), { sessionId: own.id });
    expect(await db.session.count({ where: { userId: mine.id } })).toBe(0);
  });

  it("does not unlink the last way in", async () => {
    const { id } = await signUp("last@example.org");
    for (const providerAccountId of ["1", "2"]) {
      await adapter.linkAccount!({ userId: id, type: "oauth", provider: "github", providerAccountId });
    }
    await db.user.update({ where: { id }, data: { email: null } });
    const [first, second] = (await accountPage(member(id), null)).identities;
    await unlinkIdentity(member(id), { accountId: first!.id });
    await expect(unlinkIdentity(member(id), { accountId: second!.id })).rejects.toMatchObject({
      code: "wrong-state",
    });
    const stranger = await signUp("stranger@example.org");
    await expect(unlinkIdentity(member(stranger.id), { accountId: second!.id })).rejects.toMatchObject({
      code: "not-found",
    });
  });

  it("deletes the account and keeps the public name", async () => {
    const { id, sessionToken } = await signUp("gone@example.org");
    await adapter.linkAccount!({ userId: id, type: "oauth", provider: "github", providerAccountId: "gone" });
    await expect(deleteAccount(member(id), { confirm: "yes" })).rejects.toMatchObject({
      code: "invalid-input",
    });
    const { name } = await db.user.findUniqueOrThrow({ where: { id } });
    await deleteAccount(member(id), { confirm: "delete" });
    const row = await db.user.findUniqueOrThrow({
      where: { id },
      include: { accounts: true, sessions: true },
    });
    expect(row).toMatchObject({ name, email: null, image: null, role: "member", accounts: [], sessions: [] });
    expect(row.deletedAt).not.toBeNull();
    expect(await adapter.getSessionAndUser!(sessionToken)).toBeNull();
    expect(await adapter.getUserByEmail!("gone@example.org")).toBeNull();
  });
});

describe("the way to the first administrator", () => {
  it("opens once, and only for the newest link", async () => {
    const old = await createSetupLink(db);
    const token = await createSetupLink(db);
    const ctx = as(anonymous);
    expect(await setupLinkIsOpen(ctx, old!)).toBe(false);
    expect(await setupLinkIsOpen(ctx, token!)).toBe(true);
    const form = { name: "Keeper", email: "keeper@example.org" };
    const attempts = await Promise.allSettled([
      redeemSetupLink(ctx, token!, form),
      redeemSetupLink(ctx, token!, { ...form, email: "second@example.org" }),
    ]);
    expect(attempts.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await db.user.count({ where: { role: "admin" } })).toBe(1);
    expect(await createSetupLink(db)).toBeNull();
    // One that was printed before somebody became administrator in another way opens nothing either.
    await db.setupLink.create({ data: { tokenHash: hashSetupToken("spare") } });
    expect(await setupLinkIsOpen(ctx, "spare")).toBe(false);
    await expect(redeemSetupLink(ctx, "spare", form)).rejects.toMatchObject({ code: "already-done" });
  });

  it("grants a role from the command line, making the account when needed", async () => {
    expect(await grantRole(db, "New@Example.org", "moderator")).toEqual({ created: true });
    expect(await grantRole(db, "new@example.org", "admin")).toEqual({ created: false });
    const row = await db.user.findUniqueOrThrow({ where: { email: "new@example.org" } });
    expect(row.role).toBe("admin");
    await expect(grantRole(db, "not an address", "admin")).rejects.toThrow();
  });
});
