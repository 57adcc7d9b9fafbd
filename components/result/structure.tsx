import { useLocale, useTranslations } from "next-intl";
import { RenameMap } from "@/components/data/rename-map";
import { TableBox } from "@/components/data/table-box";
import { architectureStatisticsSchema } from "@/lib/engine/methods/architecture/schema";
import type { MethodResult } from "@/lib/engine/result/document";
import { ConfigComparison } from "./config-comparison";
import { PlainDetails, Sentences } from "./methods-table";

/** architecture: the rename map, sizes and shards, the configuration key by key, what was left over. */
export function Structure({ result }: { readonly result: MethodResult }) {
  const t = useTranslations("result");
  const locale = useLocale();
  const parsed = architectureStatisticsSchema.safeParse(result.statistics);
  if (!parsed.success) return <PlainDetails result={result} />;
  const found = parsed.data;
  const pairs = [
    ...found.renames.map(({ original, suspect, tensors }) => ({
      from: original,
      to: suspect,
      count: tensors,
    })),
    ...found.unchanged.map(({ prefix, tensors }) => ({ from: prefix, to: prefix, count: tensors })),
  ].map(({ from, to, count }) => ({
    from: from || t("structure.rest"),
    to: to || t("structure.rest"),
    count,
  }));
  const number = new Intl.NumberFormat(locale);
  const sides = [
    ["tensors", found.tensors],
    ["shards", found.shards],
    ["stated", found.totals.stated],
    ["listed", found.totals.listed],
  ] as const;
  const shown = (value: number | null) => (value === null ? t("structure.notKnown") : number.format(value));
  return (
    <section className="section" aria-labelledby="structure">
      <h2 id="structure">{t("structure.title")}</h2>
      <div className="row">
        <div className="stack">
          <p>
            {t("structure.caption", {
              paired: found.paired,
              left: found.unpairedCount.original,
              right: found.unpairedCount.suspect,
            })}
          </p>
          {pairs.length > 0 ? <RenameMap pairs={pairs} /> : null}
        </div>
        <div className="row-margin">
          {found.shapesKnown.original && found.shapesKnown.suspect ? null : (
            <p>{t("structure.unknownShapes")}</p>
          )}
          {found.totals.sameWrongFigure ? <p>{t("structure.sameWrong")}</p> : null}
        </div>
      </div>
      <TableBox label={t("structure.title")}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t("tokenizer.quantity")}</th>
              <th scope="col" data-number>
                {t("files.original")}
              </th>
              <th scope="col" data-number>
                {t("files.suspect")}
              </th>
            </tr>
          </thead>
          <tbody>
            {sides.map(([key, value]) => (
              <tr key={key}>
                <th scope="row">{t(`structure.${key}`)}</th>
                <td data-number>{shown(value.original)}</td>
                <td data-number>{shown(value.suspect)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableBox>
      {found.leftoverNames.length > 0 ? (
        <>
          <h3>{t("leftovers.title")}</h3>
          <ul className="measure">
            {found.leftoverNames.map((left) => (
              <li key={`${left.file} ${left.pointer}`}>
                {t("leftovers.text", { file: left.file, side: left.side, names: left.names })}{" "}
                <code>{left.value}</code>
              </li>
            ))}
          </ul>
        </>
      ) : null}
      {found.config ? <ConfigComparison config={found.config} /> : null}
      <Sentences result={result} />
    </section>
  );
}
