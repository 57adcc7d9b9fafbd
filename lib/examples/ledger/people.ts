import type { Context, Viewer } from "@/lib/platform/context";
import { newId } from "@/lib/platform/ids";

/** Everybody in the example ledger. None of them exists; ".invalid" can receive no mail (RFC 2606). */
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

export const emailOf = (person: Person) => `${person}@example.invalid`;

/** The person's account, made when it is first needed. */
export async function asPerson(ctx: Context, person: Person): Promise<Context> {
  const { name, role } = people[person];
  const email = emailOf(person);
  const user =
    (await ctx.db.user.findUnique({ where: { email } })) ??
    (await ctx.db.user.create({
      data: { id: newId("usr"), name, role, email, createdAt: ctx.clock.now() },
    }));
  const viewer: Viewer = { role, userId: user.id, name };
  return { ...ctx, viewer };
}
