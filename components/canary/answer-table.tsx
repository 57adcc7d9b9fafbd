import { useLocale, useTranslations } from "next-intl";
import { CsvLink } from "@/components/data/csv-link";
import { Pager } from "@/components/data/pager";
import { TableBox } from "@/components/data/table-box";
import { SelectField, TextField } from "@/components/forms/field";
import { Empty } from "@/components/states/states";
import type { Judgement } from "@/lib/engine/canary/judge";
import { AnswerMark } from "./answer-mark";
import { ItemImage } from "./item-image";
import { filterRows, type JudgedRow, type RowFilter, rowFilters } from "./judgement-filters";

interface AnswerTableProps {
  readonly result: Judgement;
  /** Path of this page without the language. */
  readonly path: string;
  readonly filter: RowFilter;
  readonly words: string;
  readonly page: number;
  /** Prompts and images of the revealed items of these rows, by index. */
  readonly items: ReadonlyMap<number, { readonly prompt: string | null; readonly image: string | null }>;
}

export const rowsOfPage = 25;

/** The rows that the reader asked for, and which of them this page shows. */
export function rowsShown(result: Judgement, filter: RowFilter, words: string, page: number) {
  const rows = filterRows(result.table, filter, words);
  const pages = Math.max(1, Math.ceil(rows.length / rowsOfPage));
  const here = Math.min(page, pages);
  return { rows, pages, page: here, shown: rows.slice((here - 1) * rowsOfPage, here * rowsOfPage) };
}

/** What was answered, item by item; filtered by a plain form, so that it works without scripts and can be linked. */
export function AnswerTable({ result, path, filter, words, page, items }: AnswerTableProps) {
  const t = useTranslations("canaries.judgement");
  const locale = useLocale();
  const { rows, pages, page: here, shown } = rowsShown(result, filter, words, page);
  const href = (to: number) => {
    const search = new URLSearchParams();
    if (filter !== "all") search.set("show", filter);
    if (words !== "") search.set("q", words);
    if (to > 1) search.set("page", String(to));
    return `${path}${search.size === 0 ? "" : `?${search}`}#answers`;
  };
  const random = result.terms.kind === "random-label";
  return (
    <>
      <search>
        <form action={`/${locale}${path}#answers`} className="filters no-print">
          <TextField name="q" type="search" label={t("search")} defaultValue={words} maxLength={200} />
          <SelectField
            name="show"
            label={t("filter")}
            defaultValue={filter}
            options={rowFilters.map((value) => ({
              value,
              label: `${t(`filters.${value}`)} (${filterRows(result.table, value, "").length})`,
            }))}
          />
          <button type="submit" className="button quiet">
            {t("show")}
          </button>
        </form>
      </search>
      {rows.length === 0 ? (
        <Empty title={t("noneTitle")} level={3}>
          <p>{t("noneText")}</p>
        </Empty>
      ) : (
        <TableBox label={t("table")}>
          <table data-cards>
            <caption>{t("tableCaption", { shown: rows.length, all: result.table.length })}</caption>
            <thead>
              <tr>
                <th scope="col">{t("item")}</th>
                <th scope="col">{random ? t("target") : t("truth")}</th>
                <th scope="col">{t("original")}</th>
                <th scope="col">{t("suspectAnswer")}</th>
                <th scope="col">{t("referencesColumn")}</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((row) => (
                <Row key={row.index} row={row} random={random} item={items.get(row.index)} />
              ))}
            </tbody>
          </table>
        </TableBox>
      )}
      <p className="note">
        {t("referencesNote", { names: result.references.map(({ name }) => name).join(", ") })}
      </p>
      <CsvLink
        title={t("table")}
        name="answers"
        rows={[
          ["index", "id", "truth", "original", "suspect", "original_mark", "suspect_mark", "same_wrong"],
          ...shown.map(({ index, id, truth, original, suspect, marks }) => [
            index,
            id,
            truth,
            original,
            suspect,
            marks.original,
            marks.suspect,
            marks.sameWrong ? 1 : 0,
          ]),
        ]}
      />
      <Pager page={here} pages={pages} href={href} />
    </>
  );
}

interface RowProps {
  readonly row: JudgedRow;
  readonly random: boolean;
  readonly item: { readonly prompt: string | null; readonly image: string | null } | undefined;
}

function Row({ row, random, item }: RowProps) {
  const t = useTranslations("canaries.judgement");
  const { index, id, truth, marks } = row;
  const sealed = marks.original === "unrevealed";
  return (
    <tr id={`item-${index}`}>
      <th scope="row">
        <code>{id}</code>
        {item?.prompt ? <span className="answer-text note">{item.prompt}</span> : null}
        {item?.image ? <ItemImage sha256={item.image} alt={t("imageAlt", { id })} /> : null}
      </th>
      <td data-label={random ? t("target") : t("truth")}>
        <span className="answer-text">{sealed ? t("sealedItem") : (truth ?? "–")}</span>
      </td>
      <td data-label={t("original")}>
        <span className="answer-text">{row.original === "" ? "–" : row.original}</span>
        <AnswerMark mark={marks.original} />
      </td>
      <td data-label={t("suspectAnswer")}>
        <span className="answer-text">{row.suspect === "" ? "–" : row.suspect}</span>
        <AnswerMark mark={marks.sameWrong ? "same-wrong" : marks.suspect} />
      </td>
      <td data-label={t("referencesColumn")}>
        <References letters={marks.references} />
      </td>
    </tr>
  );
}

/** How many references did what: who gave the original's wrong answer counts, the rest is background. */
function References({ letters }: { readonly letters: string }) {
  const t = useTranslations("canaries.judgement");
  if (letters === "") return <>–</>;
  const count = (letter: string) => [...letters].filter((one) => one === letter).length;
  const parts = (
    [
      ["s", "refSame"],
      ["w", "refWrong"],
      ["r", "refRight"],
      ["-", "refBlank"],
      ["~", "refUnstable"],
    ] as const
  ).flatMap(([letter, key]) => {
    const found = count(letter);
    return found === 0 ? [] : [t(key, { count: found })];
  });
  return <span className="note">{parts.join(" · ")}</span>;
}
