import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { CaseEntry } from "@/components/case/case-entry";
import { Pager } from "@/components/data/pager";
import { SelectField, TextField } from "@/components/forms/field";
import { PageHead } from "@/components/page-head";
import { PageLink } from "@/components/page-link";
import { Empty } from "@/components/states/states";
import { caseStates, findings, listCasesInput } from "@/lib/cases";
import { listCases } from "@/lib/cases/server";
import { anonymous } from "@/lib/platform/context";
import { serviceContext } from "@/lib/platform/context/server";

export const dynamic = "force-dynamic";

interface Props {
  readonly searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("cases.list");
  return { title: t("title"), description: t("lead") };
}

export default async function CasesPage({ searchParams }: Props) {
  const [t, common, locale, given] = await Promise.all([
    getTranslations("cases.list"),
    getTranslations("common"),
    getLocale(),
    searchParams,
  ]);
  const first = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
  );
  const query = listCasesInput.parse(first);
  const list = await listCases(serviceContext(anonymous), query);
  const filtered = query.q !== "" || query.state !== undefined || query.finding !== undefined;
  const href = (page: number) => {
    const search = new URLSearchParams();
    if (query.q) search.set("q", query.q);
    if (query.state) search.set("state", query.state);
    if (query.finding) search.set("finding", query.finding);
    if (page > 1) search.set("page", String(page));
    return `/cases${search.size > 0 ? `?${search}` : ""}`;
  };
  return (
    <>
      <PageHead title={t("title")} lead={t("lead")}>
        <p className="no-print">
          <PageLink href="/report">{t("report")}</PageLink>
        </p>
      </PageHead>
      <search>
        <form action={`/${locale}/cases`} className="filters no-print">
          <TextField name="q" label={t("search")} defaultValue={query.q} type="search" />
          <SelectField
            name="state"
            label={t("state")}
            defaultValue={query.state ?? ""}
            options={[
              { value: "", label: t("any") },
              ...caseStates
                .filter((state) => state !== "draft" && state !== "notified")
                .map((state) => ({ value: state, label: common(`procedure.${state}`) })),
            ]}
          />
          <SelectField
            name="finding"
            label={t("finding")}
            defaultValue={query.finding ?? ""}
            options={[
              { value: "", label: t("any") },
              ...findings.map((finding) => ({ value: finding, label: common(`finding.${finding}`) })),
            ]}
          />
          <button type="submit" className="button quiet">
            {t("show")}
          </button>
        </form>
      </search>
      <section className="section">
        <h2>{t("count", { count: list.total })}</h2>
        {list.items.length === 0 ? (
          <Empty title={filtered ? t("nothing") : t("empty")} level={3}>
            <p>{filtered ? t("nothingText") : t("emptyText")}</p>
          </Empty>
        ) : (
          <ul className="entries">
            {list.items.map((item) => (
              <CaseEntry key={item.id} item={item} />
            ))}
          </ul>
        )}
        <Pager page={list.page} pages={list.pages} href={href} />
      </section>
    </>
  );
}
