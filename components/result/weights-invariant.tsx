import { useTranslations } from "next-intl";
import { DotRows } from "@/components/figures/dot-rows";
import {
  type InvariantStatistics,
  invariantStatisticsSchema,
} from "@/lib/engine/methods/weights-invariant/schema";
import type { MethodResult } from "@/lib/engine/result/document";
import { isRelative } from "@/lib/engine/result/relatives";
import { DataTable } from "./data-table";
import { PlainDetails, Sentences } from "./methods-table";
import { useNumbers } from "./numbers";
import { NullLaw, OwnIndexStrips } from "./own-index";
import { PValue } from "./p-value";

/** Rows of a window, as weights/independence cuts them. */
const windowRows = 8;

/** weights/invariant: neurons seen through tokens (2B), searched for (2C), and heads found again. */
export function WeightsInvariant({ result }: { readonly result: MethodResult }) {
  const t = useTranslations("result.invariant");
  const parsed = invariantStatisticsSchema.safeParse(result.statistics);
  if (!parsed.success) return <PlainDetails result={result} />;
  const { products, search, heads } = parsed.data;
  if (products === null && search === null && heads === null) return <PlainDetails result={result} />;
  const relatives = (products?.controls ?? []).filter(isRelative).map(({ position }) => position);
  return (
    <section className="section" aria-labelledby="invariant">
      <h2 id="invariant">{t("title")}</h2>
      {products ? <ThroughTokens products={products} /> : <p className="measure">{t("noTokens")}</p>}
      {search ? (
        <FoundAgain search={search} relatives={relatives} />
      ) : (
        <p className="measure">{t("notSearched")}</p>
      )}
      {heads ? (
        <p className="measure">
          {t("heads", {
            heads: heads.heads,
            agree: heads.agree,
            own: heads.ownIndex,
            original: heads.layer.original,
            suspect: heads.layer.suspect,
          })}
        </p>
      ) : null}
      <Sentences result={result} />
    </section>
  );
}

type Products = NonNullable<InvariantStatistics["products"]>;

function ThroughTokens({ products }: { readonly products: Products }) {
  const t = useTranslations("result.invariant.tokens");
  const { cells, controls, pooled, tokens, granted, log10Granted, floor } = products;
  const measured = cells.filter(({ windows }) => windows.sizes.length > 0);
  if (measured.length === 0) return <p className="measure">{t("nothing")}</p>;
  return (
    <>
      <p className="measure">
        {t("basis", { basis: tokens.basis, shared: tokens.shared, taken: tokens.taken })}
      </p>
      <OwnIndexStrips
        cells={measured}
        controls={controls}
        pooled={pooled}
        windowRows={windowRows}
        title={t("title")}
        name="through-tokens"
      />
      {pooled ? (
        <NullLaw
          cells={measured}
          controls={controls}
          pooled={pooled}
          caption={t.rich(log10Granted === null ? "plain" : "granted", {
            granted,
            p: () => <PValue log10={Math.max(log10Granted ?? 0, floor)} />,
            floor: () => <PValue log10={floor} />,
          })}
          limits={t("limits")}
          name="null-law-tokens"
        />
      ) : null}
    </>
  );
}

type Search = NonNullable<InvariantStatistics["search"]>;

interface FoundAgainProps {
  readonly search: Search;
  /** Positions of controls that are relatives of a side. */
  readonly relatives: readonly number[];
}

/** 2C has no exact null: the count stands beside the same count against each control. */
function FoundAgain({ search, relatives }: FoundAgainProps) {
  const t = useTranslations("result.invariant.search");
  const { number, share } = useNumbers();
  const of = (agree: number | null, among: number) => t("of", { agree: number(agree), of: number(among) });
  const part = (agree: number | null) => (agree === null ? null : agree / Math.max(search.references, 1));
  const controls = search.controls.map(({ position, agree, candidates }) => ({
    label: t(relatives.includes(position) ? "relative" : "control", { number: position + 1 }),
    related: relatives.includes(position),
    agree,
    candidates,
  }));
  const unrelated = controls.filter(({ related }) => !related);
  const most = Math.max(0, ...unrelated.map(({ agree }) => agree ?? 0));
  const { matchedRows } = search;
  return (
    <>
      <DotRows
        title={t("title")}
        caption={t(unrelated.length > 0 ? "caption" : "noControl", {
          agree: search.agree,
          references: search.references,
          candidates: search.candidates,
          own: search.ownIndex,
          most,
        })}
        limits={t("limits", { usable: search.calibratedBy })}
        description={t("description", { agree: search.agree, references: search.references, most })}
        name="found-again"
        xName={t("share")}
        dots={[
          {
            label: t("subject"),
            subject: true,
            value: part(search.agree),
            note: of(search.agree, search.references),
          },
          ...controls.map(({ label, agree }) => ({
            label,
            subject: false,
            value: part(agree),
            note: agree === null ? t("notMeasured") : of(agree, search.references),
          })),
        ]}
        keep={[0, 1]}
        columns={[t("comparison"), t("agree"), t("references"), t("candidates")]}
        rows={[
          [t("subject"), search.agree, search.references, search.candidates],
          ...controls.map(({ label, agree, candidates }) => [label, agree, search.references, candidates]),
        ]}
      />
      {matchedRows ? (
        <DataTable
          caption={t("rows.caption", { rows: matchedRows.rows })}
          columns={[{ name: t("rows.quantity") }, { name: t("rows.value"), number: true }]}
          rows={[
            [t("rows.cosine"), number(matchedRows.cosine)],
            [t("rows.equal"), share(matchedRows.equal)],
            [t("rows.scale"), number(matchedRows.scale)],
            [t("rows.scaleVariation"), number(matchedRows.scaleVariation)],
            [t("rows.residual"), share(matchedRows.residual)],
            [t("rows.kurtosis"), number(matchedRows.residualKurtosis)],
            [t("rows.white"), t(matchedRows.white ? "rows.yes" : "rows.no")],
          ]}
        />
      ) : null}
    </>
  );
}
