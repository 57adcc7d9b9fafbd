import type { Metadata } from "next";
import { useTranslations } from "next-intl";
import { getLocale, getTranslations } from "next-intl/server";
import { cache } from "react";
import { SetEntry } from "@/components/canary/set-entry";
import { Pager } from "@/components/data/pager";
import { SelectField } from "@/components/forms/field";
import { PageHead } from "@/components/page-head";
import { PageLink } from "@/components/page-link";
import { Empty } from "@/components/states/states";
import type { SetListDto } from "@/lib/canaries";
import { listSets } from "@/lib/canaries/server";
import { anonymous } from "@/lib/platform/context";
import { serviceContext } from "@/lib/platform/context/server";

export const dynamic = "force-dynamic";

const shown = ["open", "revealed", "failed"] as const;
const steps = ["one", "two", "three", "four", "five", "six"] as const;

interface Props {
  readonly searchParams: Promise<Record<string, string | string[] | undefined>>;
}

const load = cache((state: string | undefined, owner: string | undefined, page: string | undefined) =>
  listSets(serviceContext(anonymous), {
    state: shown.find((one) => one === state),
    owner,
    page: Number(page) || 1,
  }),
);

export async function generateMetadata({ searchParams }: Props): Promise<Metadata> {
  const [t, asked] = await Promise.all([getTranslations("canaries.list"), searchParams]);
  const { owner } = await load(first(asked.state), first(asked.owner), first(asked.page));
  return owner === null
    ? { title: t("title"), description: t("lead") }
    : {
        title: t("authorTitle", { name: owner.name ?? t("nameless") }),
        description: t("authorLead"),
        robots: { index: false },
      };
}

export default async function CanariesPage({ searchParams }: Props) {
  const [t, locale, asked] = await Promise.all([getTranslations("canaries.list"), getLocale(), searchParams]);
  const state = shown.find((one) => one === first(asked.state));
  const list = await load(first(asked.state), first(asked.owner), first(asked.page));
  const { owner } = list;
  const href = (page: number) => {
    const search = new URLSearchParams({
      ...(owner ? { owner: owner.id } : {}),
      ...(state ? { state } : {}),
      ...(page > 1 ? { page: `${page}` } : {}),
    });
    return search.size === 0 ? "/canaries" : `/canaries?${search}`;
  };
  return (
    <>
      {owner === null ? <Intro /> : <AuthorHead owner={owner} />}
      <section className="section" aria-labelledby="sets">
        <h2 id="sets">{t("sets")}</h2>
        <search>
          <form action={`/${locale}/canaries`} className="filters filters-start no-print">
            {owner === null ? null : <input type="hidden" name="owner" value={owner.id} />}
            <SelectField
              name="state"
              label={t("filter")}
              defaultValue={state ?? ""}
              options={[
                { value: "", label: t("any") },
                ...shown.map((value) => ({ value, label: t(`filters.${value}`) })),
              ]}
            />
            <button type="submit" className="button quiet">
              {t("show")}
            </button>
          </form>
        </search>
        <p className="note" role="status">
          {t("count", { count: list.total })}
        </p>
        {list.rows.length === 0 ? (
          <Empty title={state ? t("noneTitle") : t("emptyTitle")} level={3}>
            <p>{state ? t("noneText") : t("emptyText")}</p>
          </Empty>
        ) : (
          <ol className="entries">
            {list.rows.map((set) => (
              <SetEntry key={set.setId} set={set} />
            ))}
          </ol>
        )}
        <Pager page={list.page} pages={list.pages} href={href} />
      </section>
    </>
  );
}

function AuthorHead({ owner }: { readonly owner: NonNullable<SetListDto["owner"]> }) {
  const t = useTranslations("canaries.list");
  return (
    <PageHead
      kicker={<PageLink href="/canaries">{t("everybody")}</PageLink>}
      title={t("authorTitle", { name: owner.name ?? t("nameless") })}
      lead={t("authorLead")}
    >
      <p>{t("authorCounts", { unrevealed: owner.unrevealed, failed: owner.failed })}</p>
    </PageHead>
  );
}

/** What canaries are, for whoever comes to the list of everybody's sets. */
function Intro() {
  const t = useTranslations("canaries.list");
  return (
    <>
      <PageHead title={t("title")} lead={t("lead")}>
        <p className="no-print">
          <PageLink href="/canaries/new">{t("new")}</PageLink>
        </p>
      </PageHead>
      <section aria-labelledby="how">
        <div className="row">
          <div className="stack">
            <h2 id="how">{t("how")}</h2>
            <ol className="canary-steps measure">
              {steps.map((step) => (
                <li key={step}>{t.rich(step, { b: (chunks) => <strong>{chunks}</strong> })}</li>
              ))}
            </ol>
          </div>
          <aside className="row-margin">
            <h3>{t("means")}</h3>
            <p>{t("meansText")}</p>
            <p>{t("orderText")}</p>
          </aside>
        </div>
      </section>
    </>
  );
}

const first = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value);
