import { useLocale, useTranslations } from "next-intl";
import { CsvLink } from "@/components/data/csv-link";
import { TableBox } from "@/components/data/table-box";
import { type CodeStatistics, codeStatisticsSchema } from "@/lib/engine/methods/code/schema";
import type { MethodResult } from "@/lib/engine/result/document";
import { placeText } from "./code-place";
import { CodeSideBySide } from "./code-side-by-side";
import { PlainDetails, Sentences } from "./methods-table";

/** code: matched functions, channel by channel, the identifier map, what was left over, and texts side by side. */
export function CodeComparison({ result }: { readonly result: MethodResult }) {
  const t = useTranslations("result.code");
  const parsed = codeStatisticsSchema.safeParse(result.statistics);
  if (!parsed.success || parsed.data.score === null) return <PlainDetails result={result} />;
  const found = parsed.data;
  return (
    <section className="section" aria-labelledby="code">
      <h2 id="code">{t("title")}</h2>
      <Channels found={found} />
      {found.matches.length > 0 ? <Matches found={found} /> : null}
      {found.identifierMap.length > 0 ? <IdentifierMap found={found} /> : null}
      <Leftovers found={found} />
      {found.views.map((view) => (
        <CodeSideBySide key={`${placeText(view.original)} ${placeText(view.suspect)}`} view={view} />
      ))}
      <Sentences result={result} />
    </section>
  );
}

/** Structure, identifiers, operators and literals are separate witnesses, and stand apart. */
function Channels({ found }: { readonly found: CodeStatistics }) {
  const t = useTranslations("result.code");
  const share = useShare();
  const rows: readonly (readonly [string, string])[] = [
    [t("score"), share(found.score)],
    [t("coveredOriginal"), share(found.covered.original)],
    [t("coveredSuspect"), share(found.covered.suspect)],
    [t("operators"), share(found.operators.equal)],
    [t("literals"), share(found.literals.equal)],
    [t("identifiers"), share(found.identifiers.equal)],
    [t("consistency"), share(found.identifierConsistency)],
    ...(found.ancestors ? ([[t("explained"), share(found.ancestors.ofMatched)]] as const) : []),
    ...found.controls.map(
      (control, index) =>
        [
          t("control", { number: index + 1 }),
          `${share(control.original)} / ${share(control.suspect)}`,
        ] as const,
    ),
  ];
  return (
    <div className="data-table" data-narrow>
      <TableBox label={t("channels")}>
        <table>
          <caption>{t("caption", { ...found.pairs })}</caption>
          <thead>
            <tr>
              <th scope="col">{t("quantity")}</th>
              <th scope="col" data-number>
                {t("value")}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(([name, value]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td data-number>{value}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableBox>
    </div>
  );
}

function Matches({ found }: { readonly found: CodeStatistics }) {
  const t = useTranslations("result.code");
  const share = useShare();
  return (
    <>
      <TableBox label={t("matches")} tall={found.matches.length > 14}>
        <table data-cards>
          <caption>{t("matches")}</caption>
          <thead>
            <tr>
              <th scope="col">{t("inOriginal")}</th>
              <th scope="col">{t("inSuspect")}</th>
              <th scope="col" data-number>
                {t("score")}
              </th>
              <th scope="col" data-number>
                {t("consistency")}
              </th>
            </tr>
          </thead>
          <tbody>
            {found.matches.map((match) => (
              <tr key={`${placeText(match.original)} ${placeText(match.suspect)}`}>
                <th scope="row">
                  <code>{placeText(match.original)}</code>
                </th>
                <td data-label={t("inSuspect")}>
                  <code>{placeText(match.suspect)}</code>
                </td>
                <td data-number data-label={t("score")}>
                  {share(match.score)}
                </td>
                <td data-number data-label={t("consistency")}>
                  {share(match.identifierConsistency)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableBox>
      <CsvLink
        title={t("matches")}
        name="functions"
        rows={[
          ["original", "suspect", "score", "tokens"],
          ...found.matches.map((match) => [
            placeText(match.original),
            placeText(match.suspect),
            match.score,
            match.tokens,
          ]),
        ]}
      />
    </>
  );
}

function IdentifierMap({ found }: { readonly found: CodeStatistics }) {
  const t = useTranslations("result.code");
  const map = found.identifierMap;
  return (
    <TableBox label={t("map")} tall={map.length > 14}>
      <table>
        <caption>{t("mapCaption", { names: map.length })}</caption>
        <thead>
          <tr>
            <th scope="col">{t("inOriginal")}</th>
            <th scope="col">{t("inSuspect")}</th>
            <th scope="col" data-number>
              {t("tokens")}
            </th>
          </tr>
        </thead>
        <tbody>
          {map.map(({ original, suspect, tokens }) => (
            <tr key={`${original} ${suspect}`}>
              <th scope="row">
                <code>{original}</code>
              </th>
              <td>
                <code>{suspect}</code>
              </td>
              <td data-number>{tokens}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableBox>
  );
}

function Leftovers({ found }: { readonly found: CodeStatistics }) {
  const t = useTranslations("result.code");
  const all = (["original", "suspect"] as const).flatMap((side) =>
    found.leftovers[side].map((left) => ({ side, ...left })),
  );
  if (all.length === 0) return null;
  return (
    <>
      <h3>{t("leftovers")}</h3>
      <ul className="measure">
        {all.map(({ side, name, where, path, line }) => (
          <li key={`${side} ${name}`}>
            {t("leftover", { side, where: t(`where.${where}`), place: `${path}:${line}` })}{" "}
            <code>{name}</code>
          </li>
        ))}
      </ul>
    </>
  );
}

function useShare(): (value: number | null) => string {
  const locale = useLocale();
  const share = new Intl.NumberFormat(locale, { minimumFractionDigits: 3, maximumFractionDigits: 3 });
  return (value) => (value === null ? "–" : share.format(value));
}
