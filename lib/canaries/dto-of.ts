import type { Prisma } from "@/lib/platform/database/generated/client";
import type { AnswerSetDto, NonceDto, SetRowDto } from "./dto";
import type { Judged } from "./judge/authenticity";
import { nonceFailureSchema, nonceSourceSchema } from "./schema";
import { setState } from "./state";

export const setInclude = {
  owner: { select: { name: true } },
  model: { select: { id: true, name: true } },
  _count: { select: { reveals: true } },
} as const satisfies Prisma.CanarySetInclude;
export type SetRow = Prisma.CanarySetGetPayload<{ include: typeof setInclude }>;

export const answerInclude = {
  set: { select: { setId: true } },
  release: true,
  collector: { select: { name: true } },
} as const satisfies Prisma.CanaryAnswerSetInclude;
export type AnswerRow = Prisma.CanaryAnswerSetGetPayload<{ include: typeof answerInclude }>;

export function setRowDto(row: SetRow, now: Date): SetRowDto {
  const { id, setId, root, items, ownerId, revealBy, example, createdAt } = row;
  const revealed = row._count.reveals;
  const terms = row.terms as { readonly primary?: SetRowDto["primary"]; readonly threshold?: string } | null;
  return {
    id,
    setId,
    root,
    items,
    kind: row.kind as SetRowDto["kind"],
    state: setState({ items, revealed, kind: row.kind, revealBy }, now),
    revealed,
    ownerId,
    owner: row.owner.name,
    namespace:
      row.namespaceKind === "huggingface"
        ? { kind: "huggingface", name: row.namespaceName }
        : { kind: "account", name: row.owner.name },
    model: row.model,
    primary: terms?.primary ?? null,
    threshold: terms?.threshold ?? null,
    revealBy,
    example,
    createdAt,
  };
}

export function nonceDto(
  row: Pick<SetRow, "beaconKind" | "nonce" | "nonceSource" | "nonceAt" | "nonceDueAt" | "nonceFailure">,
): NonceDto {
  if (row.nonce !== null)
    return {
      state: "known",
      nonce: row.nonce,
      source: nonceSourceSchema.parse(row.nonceSource),
      at: row.nonceAt ?? new Date(0),
    };
  if (row.beaconKind === null || row.beaconKind === "none") return { state: "none" };
  const failure = nonceFailureSchema.parse(row.nonceFailure);
  return { state: "waiting", dueAt: row.nonceDueAt, failure: failure?.code ?? null };
}

/**
 * `entries`: numbers in the log by dedup key. `worth`: what the answers are worth now. Where bytes may not be read yet,
 * their address is not told either.
 */
export function answerSetDto(
  row: AnswerRow,
  see: {
    readonly entries: ReadonlyMap<string, number>;
    readonly viewerId: string | null;
    readonly worth: Judged;
  },
): AnswerSetDto {
  const readable = row.status === "logged" || mayReadHeld(row, see.viewerId);
  const { release } = row;
  return {
    id: row.id,
    setId: row.set.setId,
    role: row.role as AnswerSetDto["role"],
    name: row.name,
    family: row.family,
    base: row.base,
    vendor: row.vendor,
    corpus: row.corpus,
    release: release === null ? null : `${release.source}:${release.repository}@${release.commit}`,
    weights: row.weights,
    authenticity: see.worth.class,
    authenticityReasons: see.worth.reasons,
    registeredAs: row.authenticity as AnswerSetDto["registeredAs"],
    adapter: row.adapter as AnswerSetDto["adapter"],
    calls: row.calls,
    transcript:
      row.transcriptRoot === null
        ? null
        : {
            root: row.transcriptRoot,
            blob: readable && row.redactionId === null ? row.transcriptBlob : null,
            size: row.transcriptSize,
          },
    answersSha256: row.answersSha256,
    answersSalt: readable && row.redactionId === null ? Buffer.from(row.answersSalt).toString("hex") : null,
    lines: row.lines,
    answered: row.answered,
    status: row.status as AnswerSetDto["status"],
    collector: { site: row.collectorId === null, name: row.collector?.name ?? null },
    mine: see.viewerId !== null && see.viewerId === row.collectorId,
    confirms: row.confirmsId,
    entry: see.entries.get(`responses:${row.id}`) ?? null,
    createdAt: row.createdAt,
  };
}

/**
 * Before the reveal the collector alone reads what they collected. Not the author: whoever knew the answers could choose
 * which items to reveal.
 */
export function mayReadHeld(row: { readonly collectorId: string | null }, viewerId: string | null): boolean {
  return viewerId !== null && viewerId === row.collectorId;
}
