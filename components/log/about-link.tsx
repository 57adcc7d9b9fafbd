import { useTranslations } from "next-intl";
import { PageLink } from "@/components/page-link";
import type { About } from "@/lib/ledger";

const folders = { case: "cases", model: "models", run: "runs" } as const;

/** The page an entry is about. */
export function AboutLink({ about }: { readonly about: About }) {
  const t = useTranslations("log");
  if (about.kind === "unlisted") return <span className="note">{t("entries.unlisted")}</span>;
  if (about.kind === "log") return <PageLink href="/log">{t("title")}</PageLink>;
  return <PageLink href={`/${folders[about.kind]}/${about.id}`}>{about.name}</PageLink>;
}
