import { useLocale, useTranslations } from "next-intl";
import { TableBox } from "@/components/data/table-box";
import { identityStatisticsSchema } from "@/lib/engine/methods/identity/schema";
import type { MethodResult } from "@/lib/engine/result/document";
import { PlainDetails, Sentences } from "./methods-table";
import { TensorsByBytes } from "./tensors-by-bytes";

interface Row {
  readonly original: string;
  readonly suspect: string;
  readonly how: string;
  readonly counted: boolean;
  readonly sizes: readonly [number | null, number | null];
}

/** identity: files of both sides with the same content, and how that is known. */
export function EqualFiles({ result }: { readonly result: MethodResult }) {
  const t = useTranslations("result.files");
  const locale = useLocale();
  const parsed = identityStatisticsSchema.safeParse(result.statistics);
  if (!parsed.success) return <PlainDetails result={result} />;
  const { equalFiles, jsonFiles } = parsed.data;
  const listed = new Set(equalFiles.map(({ original, suspect }) => `${original}\0${suspect}`));
  const rows: Row[] = [
    ...equalFiles.map((file) => ({
      original: file.original,
      suspect: file.suspect,
      how: file.common ? "common" : file.inAncestor ? "ancestor" : file.by,
      counted: !file.common && !file.inAncestor,
      sizes: [file.size, file.size] as const,
    })),
    ...jsonFiles
      .filter(({ original, suspect }) => !listed.has(`${original}\0${suspect}`))
      .map((file) => ({
        original: file.original,
        suspect: file.suspect,
        how: file.same,
        counted: file.same === "bytes" || file.same === "content",
        sizes: [file.originalSize, file.suspectSize] as const,
      })),
  ];
  const number = new Intl.NumberFormat(locale);
  const shown = (value: number | null) => (value === null ? t("sizeUnknown") : number.format(value));
  return (
    <section className="section" aria-labelledby="files">
      <h2 id="files">{t("title")}</h2>
      <TableBox label={t("title")} tall={rows.length > 14}>
        <table data-cards>
          <caption>{t("caption", { count: rows.filter(({ counted }) => counted).length })}</caption>
          <thead>
            <tr>
              <th scope="col">{t("original")}</th>
              <th scope="col">{t("suspect")}</th>
              <th scope="col">{t("how")}</th>
              <th scope="col" data-number>
                {t("size")}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={`${row.original} ${row.suspect}`}>
                <th scope="row">
                  <code>{row.original}</code>
                </th>
                <td data-label={t("suspect")}>
                  <code>{row.suspect}</code>
                </td>
                <td data-label={t("how")}>{t(row.how)}</td>
                <td data-number data-label={t("size")}>
                  {row.sizes[0] === row.sizes[1]
                    ? shown(row.sizes[0])
                    : `${shown(row.sizes[0])} / ${shown(row.sizes[1])}`}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableBox>
      {parsed.data.tensors ? <TensorsByBytes found={parsed.data.tensors} /> : null}
      <Sentences result={result} />
    </section>
  );
}
