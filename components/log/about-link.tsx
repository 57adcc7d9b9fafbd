import { useTranslations } from "next-intl";
import { PageLink } from "@/components/page-link";
import { type About, aboutFolders } from "@/lib/ledger";

/** The page an entry is about. */
export function AboutLink({ about }: { readonly about: About }) {
  const t = useTranslations("log");
  if (about.kind === "unlisted") return <span className="note">{t("entries.unlisted")}</span>;
  if (about.kind === "log") return <PageLink href="/log">{t("title")}</PageLink>;
  const href = `/${aboutFolders[about.kind]}/${about.id}`;
  if (about.kind === "canary")
    return <PageLink href={href}>{t("entries.canary", { id: about.name })}</PageLink>;
  return <PageLink href={href}>{about.name}</PageLink>;
}
