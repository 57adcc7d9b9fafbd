import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { Pager } from "@/components/data/pager";
import { PageLink } from "@/components/page-link";
import { ModelEntry } from "@/components/registry/model-entry";
import { Empty } from "@/components/states/states";
import { anonymous } from "@/lib/platform/context";
import { serviceContext } from "@/lib/platform/context/server";
import { listModels } from "@/lib/registry/server";

export const dynamic = "force-dynamic";

interface Props {
  readonly params: Promise<{ readonly locale: string }>;
  readonly searchParams: Promise<Readonly<Record<string, string | string[] | undefined>>>;
}

export async function generateMetadata({ searchParams }: Props): Promise<Metadata> {
  const t = await getTranslations("registry.list");
  const { q } = await searchParams;
  // Search results are for people, not for other search engines.
  return { title: t("title"), description: t("lead"), ...(q ? { robots: { index: false } } : {}) };
}

export default async function ModelsPage({ params, searchParams }: Props) {
  const [t, { locale }, asked] = await Promise.all([getTranslations("registry.list"), params, searchParams]);
  const q = first(asked.q) ?? "";
  const list = await listModels(serviceContext(anonymous), { q, page: first(asked.page) });
  const query = q.trim();
  const href = (page: number) => {
    const search = new URLSearchParams({
      ...(query ? { q: query } : {}),
      ...(page > 1 ? { page: `${page}` } : {}),
    });
    return search.size === 0 ? "/models" : `/models?${search}`;
  };
  return (
    <>
      <header className="page-head">
        <h1>{t("title")}</h1>
        <p className="lead">{t("lead")}</p>
      </header>
      <search>
        <form className="search" action={`/${locale}/models`}>
          <label htmlFor="q">{t("search")}</label>
          <div className="cluster">
            <input id="q" name="q" type="search" className="control" defaultValue={q} maxLength={200} />
            <button type="submit" className="button">
              {t("find")}
            </button>
          </div>
        </form>
      </search>
      <div className="stack">
        {list.total === 0 ? (
          <Nothing query={query} />
        ) : (
          <>
            <p className="note" role="status">
              {query ? t("countFor", { count: list.total, query }) : t("count", { count: list.total })}
            </p>
            <ol className="entries">
              {list.rows.map((model) => (
                <ModelEntry key={model.id} model={model} />
              ))}
            </ol>
            <Pager page={list.page} pages={list.pages} href={href} />
          </>
        )}
        <p>
          <PageLink href="/register">{t("register")}</PageLink>
        </p>
      </div>
    </>
  );
}

async function Nothing({ query }: { readonly query: string }) {
  const t = await getTranslations("registry.list");
  if (query === "")
    return (
      <Empty title={t("emptyTitle")}>
        <p>{t("emptyText")}</p>
      </Empty>
    );
  return (
    <Empty title={t("noneTitle", { query })}>
      <p>{t("noneText")}</p>
      <p>
        <PageLink href="/models">{t("all")}</PageLink>
      </p>
    </Empty>
  );
}

const first = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value);
