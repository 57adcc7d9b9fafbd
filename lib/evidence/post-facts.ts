import type { Interest, RedactedDto } from "@/lib/cases";
import { type CaptureDates, captureDates, type DateReader } from "@/lib/ledger/server";
import type { Viewer } from "@/lib/platform/context";
import type { Prisma } from "@/lib/platform/database/generated/client";
import type { LinkDto, PostDto, PostKind } from "./dto";
import { renderMarkdown } from "./render-markdown";

export const redactionFields = { select: { reason: true, erasedAt: true } } as const;

export const postInclude = {
  author: { select: { name: true } },
  party: { select: { id: true, side: true, name: true } },
  versions: {
    orderBy: { version: "desc" },
    take: 1,
    include: {
      redaction: redactionFields,
      links: { include: { capture: true }, orderBy: { position: "asc" } },
    },
  },
} satisfies Prisma.PostInclude;

export type PostRow = Prisma.PostGetPayload<{ include: typeof postInclude }>;

/** On what the dates rest of all links that these posts show. */
export function linkDates(db: DateReader, rows: readonly PostRow[]): Promise<CaptureDates> {
  const links = rows.flatMap(({ versions }) => versions.flatMap((version) => version.links));
  return captureDates(
    db,
    links.map(({ captureId }) => captureId),
  );
}

/** A post held back for review is seen by its author and by moderators. */
export function maySeePost(
  viewer: Viewer,
  row: { readonly state: string; readonly authorId: string },
): boolean {
  return (
    row.state !== "waiting" ||
    viewer.userId === row.authorId ||
    viewer.role === "moderator" ||
    viewer.role === "admin"
  );
}

/** Of an author only the public name leaves. A withdrawn post keeps its place and loses its words here. */
export function postDto(row: PostRow, viewer: Viewer, dateOf: CaptureDates): PostDto {
  const version = row.versions[0];
  const withdrawn = row.state === "withdrawn";
  return {
    id: row.id,
    kind: row.kind as PostKind,
    claimId: row.claimId,
    parentId: row.parentId,
    author: row.author.name,
    party: row.party
      ? { id: row.party.id, side: row.party.side as "original" | "suspect", name: row.party.name }
      : null,
    interest: row.interest as Interest,
    interestNote: row.interestNote,
    state: row.state as PostDto["state"],
    html: withdrawn || !version ? "" : renderMarkdown(version.body, row.id),
    version: row.current,
    createdAt: row.createdAt.toISOString(),
    changedAt: version && version.version > 1 ? version.createdAt.toISOString() : null,
    changeKind: version && version.kind !== "first" ? (version.kind as "edit" | "correction") : null,
    redaction: version ? redactedDto(version) : null,
    links: withdrawn ? [] : (version?.links ?? []).map((link) => linkDto(link, dateOf)),
    own: viewer.userId !== null && viewer.userId === row.authorId,
  };
}

/** When and on what ground the words of a version were taken away; null while they stand. */
export function redactedDto(version: {
  readonly createdAt: Date;
  readonly redaction: { readonly reason: string; readonly erasedAt: Date | null } | null;
}): RedactedDto | null {
  const { redaction } = version;
  return (
    redaction && { at: (redaction.erasedAt ?? version.createdAt).toISOString(), reason: redaction.reason }
  );
}

function linkDto(link: PostRow["versions"][number]["links"][number], dateOf: CaptureDates): LinkDto {
  const { capture } = link;
  return {
    url: link.url,
    capture: capture && {
      finalUrl: capture.finalUrl,
      status: capture.status,
      contentType: capture.contentType,
      size: capture.size,
      sha256: capture.sha256,
      failure: capture.failure,
      capturedAt: capture.capturedAt.toISOString(),
      date: dateOf(capture.id),
    },
  };
}
