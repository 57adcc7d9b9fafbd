import type { Context, Viewer } from "@/lib/platform/context";

/** Everybody in the example ledger. None of them exists. */
const people = {
  meridian: { name: "Example Meridian (fictitious laboratory)", role: "member" },
  tidewater: { name: "Example Tidewater (fictitious laboratory)", role: "member" },
  wren: { name: "Wren (example)", role: "member" },
  zhuye: { name: "竹叶（示例）", role: "member" },
  tool: { name: "npm run case (this machine)", role: "member" },
  alder: { name: "Alder (example moderator)", role: "moderator" },
  hazel: { name: "Hazel (example moderator)", role: "moderator" },
} as const;

export type Person = keyof typeof people;

/** An id of their own, the same in every example ledger: they are found by it. */
export const idOf = (person: Person) => `usr_${`example${person}`.padEnd(20, "0")}`;

/**
 * The person's account, made when it is first needed. It has no address and no linked identity, so nobody can sign in
 * as it: on a machine that shows its mails, an address would hand the example moderators to whoever asks. It counts as
 * verified all the same, for the rules that ask for people who can be reached.
 */
export async function asPerson(ctx: Context, person: Person): Promise<Context> {
  const { name, role } = people[person];
  const id = idOf(person);
  await ctx.db.user.createMany({
    data: [{ id, name, role, emailVerified: ctx.clock.now(), createdAt: ctx.clock.now() }],
    skipDuplicates: true,
  });
  const viewer: Viewer = { role, userId: id, name };
  return { ...ctx, viewer };
}
