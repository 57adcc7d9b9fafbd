import type { Context } from "@/lib/platform/context";
import { memberOf } from "@/lib/platform/context/member-of";
import type { Database, Transaction } from "@/lib/platform/database";

/** A name on the Hub that an account has proved to speak for. */
export interface ProvedNamespace {
  readonly kind: "huggingface";
  readonly name: string;
  /** "identity": they signed in with it here. "party": a moderator accepted them as speaking for it. */
  readonly how: "identity" | "party";
}

const nameShape = /^[A-Za-z0-9][\w.-]{0,95}$/;

/** The namespaces that the signed-in person may commit sets under, the account itself aside. */
export async function namespacesOf(ctx: Pick<Context, "db" | "viewer">): Promise<readonly ProvedNamespace[]> {
  return provedNamespaces(ctx.db, memberOf(ctx.viewer));
}

export async function provedNamespaces(
  db: Database | Transaction,
  userId: string,
): Promise<readonly ProvedNamespace[]> {
  const [identities, parties] = await Promise.all([
    db.account.findMany({ where: { userId, provider: "huggingface" }, select: { label: true } }),
    db.caseParty.findMany({
      where: { userId, acceptedAt: { not: null } },
      select: { name: true, side: true, case: { select: { releases: { include: { release: true } } } } },
    }),
  ]);
  const found = new Map<string, ProvedNamespace>();
  const add = (name: string | null, how: ProvedNamespace["how"]) => {
    // The Hub's names do not tell capitals apart.
    const key = name?.toLowerCase() ?? "";
    if (name !== null && nameShape.test(name) && !found.has(key))
      found.set(key, { kind: "huggingface", name, how });
  };
  for (const { label } of identities) add(label, "identity");
  for (const party of parties) {
    const theirs = party.case.releases.some(
      ({ role, release }) =>
        role === party.side &&
        release.source === "hf" &&
        release.repository.toLowerCase().startsWith(`${party.name.toLowerCase()}/`),
    );
    if (theirs) add(party.name, "party");
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
