import type { Database } from "@/lib/platform/database";

/** The page an entry belongs to. */
export type About =
  | { readonly kind: "model" | "case" | "run" | "canary"; readonly id: string; readonly name: string }
  /** A case that is not listed: its entries are in the log, but we do not lead anybody to it. */
  | { readonly kind: "unlisted"; readonly id: null; readonly name: null }
  | { readonly kind: "log"; readonly id: null; readonly name: null };

export const aboutLog = { kind: "log", id: null, name: null } as const;

/** What may be said publicly of the pages that entries are about. */
export async function readAbout(
  db: Pick<Database, "case" | "model">,
  abouts: readonly string[],
): Promise<ReadonlyMap<string, About>> {
  const ids = (prefix: string) => [
    ...new Set(abouts.flatMap((about) => (about.startsWith(prefix) ? [about.slice(prefix.length)] : []))),
  ];
  const [cases, models] = await Promise.all([
    db.case.findMany({
      where: { publicId: { in: ids("case:") }, state: { notIn: ["draft", "notified"] } },
      select: { publicId: true },
    }),
    db.model.findMany({ where: { id: { in: ids("model:") } }, select: { id: true, name: true } }),
  ]);
  const names = new Map([
    ...cases.map(({ publicId }) => [`case:${publicId}`, publicId ?? ""] as const),
    ...models.map(({ id, name }) => [`model:${id}`, name] as const),
  ]);
  return new Map(abouts.map((about) => [about, aboutOf(about, names)]));
}

function aboutOf(about: string, names: ReadonlyMap<string, string>): About {
  const [kind = "", id = ""] = about.split(/:(.*)/s);
  const name = names.get(about);
  if (kind === "case")
    return name === undefined ? { kind: "unlisted", id: null, name: null } : { kind, id, name };
  if (kind === "canary") return { kind, id, name: id.slice(0, 8) };
  if (kind === "model" || kind === "run") return { kind, id, name: name ?? id };
  return aboutLog;
}
