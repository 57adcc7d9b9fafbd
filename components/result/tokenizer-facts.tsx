import { useLocale, useTranslations } from "next-intl";
import { TableBox } from "@/components/data/table-box";
import { type TokenizerStatistics, tokenizerStatisticsSchema } from "@/lib/engine/methods/tokenizer/schema";
import type { MethodResult } from "@/lib/engine/result/document";
import { PlainDetails, Sentences } from "./methods-table";

/** tokenizer: shares of vocabulary and merges, special tokens, and what the given ancestor does not explain. */
export function TokenizerFacts({ result }: { readonly result: MethodResult }) {
  const t = useTranslations("result.tokenizer");
  const locale = useLocale();
  const parsed = tokenizerStatisticsSchema.safeParse(result.statistics);
  if (!parsed.success) return <PlainDetails result={result} />;
  const found = parsed.data;
  const { vocabulary, addedTokens, ownTokens } = found;
  const share = new Intl.NumberFormat(locale, { minimumFractionDigits: 3, maximumFractionDigits: 3 });
  const shareText = (value: number | null) =>
    value === null ? t(vocabulary.known === "by-hash" ? "byHash" : "unknown") : share.format(value);
  const rows: readonly (readonly [string, string])[] = [
    [t("jaccard"), shareText(vocabulary.jaccard)],
    [t("sameIds"), shareText(vocabulary.sameIds)],
    [t("mergesJaccard"), shareText(vocabulary.mergesJaccard)],
    ...(addedTokens
      ? ([
          [t("added"), t("addedOf", { same: addedTokens.same, ...addedTokens.tokens })],
          [t("redefinedDifferent"), String(addedTokens.redefined.length)],
          [t("moved"), String(addedTokens.moved.length)],
        ] as const)
      : []),
    ...(ownTokens
      ? ([
          [
            t("own"),
            t("ownShared", { shared: ownTokens.redefined.shared, original: ownTokens.redefined.original }),
          ],
        ] as const)
      : []),
    [t("chatTemplate"), t(found.chatTemplate)],
  ];
  return (
    <section className="section" aria-labelledby="tokenizer">
      <h2 id="tokenizer">{t("title")}</h2>
      <TableBox label={t("title")}>
        <table>
          <caption>{t("caption")}</caption>
          <thead>
            <tr>
              <th scope="col">{t("quantity")}</th>
              <th scope="col" data-number>
                {t("value")}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(([quantity, value]) => (
              <tr key={quantity}>
                <th scope="row">{quantity}</th>
                <td data-number>{value}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableBox>
      {ownTokens && ownTokens.tokens.length > 0 ? <OwnTokens tokens={ownTokens.tokens} /> : null}
      <Sentences result={result} />
    </section>
  );
}

function OwnTokens({ tokens }: { readonly tokens: NonNullable<TokenizerStatistics["ownTokens"]>["tokens"] }) {
  const t = useTranslations("result");
  const cell = (text: string | null) =>
    text === null ? <span className="note">{t("structure.notKnown")}</span> : <code>{text}</code>;
  return (
    <TableBox label={t("tokenizer.ownCaption")} tall={tokens.length > 14}>
      <table>
        <caption>{t("tokenizer.ownCaption")}</caption>
        <thead>
          <tr>
            <th scope="col" data-number>
              {t("tokenizer.id")}
            </th>
            <th scope="col">{t("tokenizer.ancestor")}</th>
            <th scope="col">{t("files.original")}</th>
            <th scope="col">{t("files.suspect")}</th>
          </tr>
        </thead>
        <tbody>
          {tokens.map((token) => (
            <tr key={token.id}>
              <th scope="row" data-number>
                {token.id}
              </th>
              <td>{cell(token.ancestor)}</td>
              <td>{cell(token.original)}</td>
              <td>{cell(token.suspect)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableBox>
  );
}
