import { type DrandChain, knownChains } from "@/lib/engine/canary";
import type { Context } from "@/lib/platform/context";
import { memberOf } from "@/lib/platform/context/member-of";
import { newestFirst } from "@/lib/platform/cursor";
import { authorKeyIdOf } from "./author-key";
import { namespacesOf } from "./namespaces";

export interface CommitPageFacts {
  /** Goes into every item's hash. */
  readonly authorKeyId: string;
  /** The drand chain that this instance reads. */
  readonly network: Omit<DrandChain, "kind">;
  /** Entries of the log: a checkpoint that serves as beacon has to lie beyond. */
  readonly logSize: number;
  readonly models: readonly { readonly id: string; readonly name: string }[];
  readonly namespaces: readonly string[];
}

/** What the commit page has to know before a set is made. Errors: sign-in-required. */
export async function commitPageFacts(
  ctx: Pick<Context, "db" | "viewer" | "settings">,
): Promise<CommitPageFacts> {
  const userId = memberOf(ctx.viewer);
  const [state, models, namespaces] = await Promise.all([
    ctx.db.logState.findUnique({ where: { id: 1 } }),
    ctx.db.model.findMany({
      where: { registeredById: userId, state: "registered" },
      select: { id: true, name: true },
      orderBy: newestFirst,
      take: 200,
    }),
    namespacesOf(ctx),
  ]);
  const { kind: _, ...network } = ctx.settings.drand?.trusted[0] ?? knownChains.quicknet;
  return {
    authorKeyId: authorKeyIdOf(userId),
    network,
    logSize: Number(state?.size ?? 0),
    models,
    namespaces: namespaces.map(({ name }) => name),
  };
}
