import type { RedactionScope } from "@/lib/ledger";
import type { Context, Viewer } from "@/lib/platform/context";
import { memberOf } from "@/lib/platform/context/member-of";
import { AppError } from "@/lib/platform/errors";
import { actorName, findAct } from "./find-act";
import { secondLookMs } from "./redact-entry";

export interface RedactionRow {
  readonly id: string;
  readonly act: string;
  readonly kind: string;
  readonly scope: RedactionScope;
  readonly index: number | null;
  readonly reason: string;
  readonly state: "proposed" | "cleaning" | "clean";
  readonly at: string;
  /** The viewer proposed it: they may confirm it alone only from then on. */
  readonly aloneFrom: string | null;
}

export interface RedactionPreview {
  readonly act: string;
  readonly index: number | null;
  readonly kind: string;
  readonly about: string;
  /** What would go: the payloads that read as text, cut to a length one can look at. */
  readonly texts: readonly string[];
  readonly name: string | null;
  readonly gone: boolean;
}

function requireModerator(viewer: Viewer): void {
  memberOf(viewer);
  if (viewer.role === "member") throw new AppError("not-allowed");
}

/** Redactions, those first that wait for somebody or something. */
export async function redactionQueue(
  ctx: Pick<Context, "db">,
  viewer: Viewer,
): Promise<readonly RedactionRow[]> {
  requireModerator(viewer);
  const rows = await ctx.db.logRedaction.findMany({ orderBy: { proposedAt: "desc" }, take: 500 });
  const state = (row: (typeof rows)[number]) =>
    row.erasedAt === null ? "proposed" : row.cleanAt === null ? "cleaning" : "clean";
  const order = ["proposed", "cleaning", "clean"];
  return rows
    .map(
      (row): RedactionRow => ({
        id: row.id,
        act: row.dedupKey,
        kind: row.kind,
        scope: row.scope as RedactionScope,
        index: row.index === null ? null : Number(row.index),
        reason: row.reason,
        state: state(row),
        at: (row.cleanAt ?? row.erasedAt ?? row.proposedAt).toISOString(),
        aloneFrom:
          row.proposedById === viewer.userId
            ? new Date(row.proposedAt.getTime() + secondLookMs).toISOString()
            : null,
      }),
    )
    .sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
}

const mostText = 2_000;

/** What a moderator looks at before anything is erased. By number, or by key; null when there is no such act. */
export async function redactionPreview(
  ctx: Pick<Context, "db">,
  viewer: Viewer,
  name: string,
): Promise<RedactionPreview | null> {
  requireModerator(viewer);
  const act = await findAct(ctx.db, /^\d{1,15}$/.test(name) ? { index: Number(name) } : { dedupKey: name });
  if (act === null) return null;
  const rows = await ctx.db.logPayload.findMany({ where: { digest: { in: [...act.payloads] } } });
  const names = act.statement === null ? null : actorName(act.statement);
  const read = (bytes: Uint8Array) => Buffer.from(bytes).toString("utf8").slice(0, mostText);
  const actor = rows.find(({ digest }) => digest === names);
  return {
    act: act.dedupKey,
    index: act.index,
    kind: act.kind,
    about: act.about,
    texts: rows.filter(({ digest }) => digest !== names).map(({ bytes }) => read(bytes)),
    name: actor === undefined ? null : read(actor.bytes),
    gone: act.statement === null,
  };
}
