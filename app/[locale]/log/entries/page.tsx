import type { Metadata } from "next";
import { getLocale, getTranslations } from "next-intl/server";
import { TableBox } from "@/components/data/table-box";
import { AboutLink } from "@/components/log/about-link";
import { stateWord } from "@/components/log/entry-state";
import { Time } from "@/components/marks/time";
import { PageHead } from "@/components/page-head";
import { PageLink } from "@/components/page-link";
import { Empty } from "@/components/states/states";
import { type LedgerKind, ledgerKinds } from "@/lib/ledger";
import { listEntries } from "@/lib/ledger/server";
import { anonymous } from "@/lib/platform/context";
import { serviceContext } from "@/lib/platform/context/server";

export const dynamic = "force-dynamic";

const perPage = 50;

interface Props {
  readonly searchParams: Promise<Readonly<Record<string, string | string[] | undefined>>>;
}

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("log.entries");
  // Entries are for those who check them: search engines find what they are about.
  return { title: t("title"), robots: { index: false } };
}

export default async function EntriesPage({ searchParams }: Props) {
  const asked = await searchParams;
  const kind = ledgerKinds.find((one) => one === asked.kind);
  const from =
    typeof asked.from === "string" && /^\d{1,15}$/.test(asked.from) ? Number(asked.from) : undefined;
  const [t, locale, list] = await Promise.all([
    getTranslations("log"),
    getLocale(),
    listEntries(serviceContext(anonymous), { kind, from, limit: perPage }),
  ]);
  return (
    <>
      <PageHead
        kicker={<PageLink href="/log">{t("title")}</PageLink>}
        title={t("entries.title")}
        lead={t("entries.lead", { size: list.size })}
      />
      <KindFilter locale={locale} kind={kind} />
      {list.items.length === 0 ? (
        <Empty title={t("entries.noneTitle")}>
          <p>{t("entries.noneText")}</p>
        </Empty>
      ) : (
        <TableBox label={t("entries.title")}>
          <table data-cards>
            <caption className="visually-hidden">{t("entries.caption")}</caption>
            <thead>
              <tr>
                <th scope="col" data-number>
                  {t("entries.index")}
                </th>
                <th scope="col">{t("entries.kind")}</th>
                <th scope="col">{t("entries.about")}</th>
                <th scope="col">{t("entries.time")}</th>
                <th scope="col">{t("entries.state")}</th>
              </tr>
            </thead>
            <tbody>
              {list.items.map((row) => (
                <tr key={row.index}>
                  <th scope="row" data-number data-label={t("entries.index")}>
                    <PageLink href={`/log/entries/${row.index}`}>{row.index.toLocaleString("en")}</PageLink>
                  </th>
                  <td data-label={t("entries.kind")}>{t(`kinds.${row.kind as LedgerKind}`)}</td>
                  <td data-label={t("entries.about")}>
                    <AboutLink about={row.about} />
                  </td>
                  <td data-label={t("entries.time")}>
                    <Time at={row.t} />
                  </td>
                  <td data-label={t("entries.state")}>{t(`line.${stateWord(row.proof)}`)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableBox>
      )}
      <nav className="pager" aria-label={t("entries.title")}>
        {from === undefined ? null : <PageLink href={address(kind, null)}>{t("entries.newest")}</PageLink>}
        {list.next === null ? null : (
          <PageLink href={address(kind, list.next)} rel="next">
            {t("entries.older")}
          </PageLink>
        )}
      </nav>
    </>
  );
}

async function KindFilter({
  locale,
  kind,
}: {
  readonly locale: string;
  readonly kind: LedgerKind | undefined;
}) {
  const t = await getTranslations("log");
  return (
    <form className="search" action={`/${locale}/log/entries`}>
      <label htmlFor="kind">{t("entries.filter")}</label>
      <div className="cluster">
        <select id="kind" name="kind" className="control" defaultValue={kind ?? ""}>
          <option value="">{t("entries.every")}</option>
          {ledgerKinds.map((one) => (
            <option key={one} value={one}>
              {t(`kinds.${one}`)}
            </option>
          ))}
        </select>
        <button type="submit" className="button quiet">
          {t("entries.show")}
        </button>
      </div>
    </form>
  );
}

function address(kind: LedgerKind | undefined, from: number | null): string {
  const search = new URLSearchParams({
    ...(kind === undefined ? {} : { kind }),
    ...(from === null ? {} : { from: String(from) }),
  }).toString();
  return `/log/entries${search === "" ? "" : `?${search}`}`;
}
