import { useLocale, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Hash } from "@/components/marks/hash";
import type { Locale } from "@/i18n/locales";
import { groupName } from "@/lib/engine/methods/sentences";
import {
  type FingerprintStatistics,
  fingerprintStatisticsSchema,
} from "@/lib/engine/methods/weights-fingerprint/schema";
import type { MethodResult } from "@/lib/engine/result/document";
import { DataTable } from "./data-table";
import { PlainDetails, Sentences } from "./methods-table";
import { useNumbers } from "./numbers";
import { PValue } from "./p-value";

/** weights/fingerprint: what each side brought, what matched, and how far that may be trusted. */
export function WeightsFingerprint({ result }: { readonly result: MethodResult }) {
  const t = useTranslations("result.fingerprint");
  const parsed = fingerprintStatisticsSchema.safeParse(result.statistics);
  if (!parsed.success) return <PlainDetails result={result} />;
  const found = parsed.data;
  const claimed = (["original", "suspect"] as const).some((side) =>
    ["full", "light"].includes(found.sides[side].kind),
  );
  return (
    <section className="section" aria-labelledby="fingerprint">
      <h2 id="fingerprint">{t("title")}</h2>
      {claimed ? <p className="measure">{t("claimed")}</p> : null}
      <Brought found={found} />
      <Matched found={found} />
      <p className="note measure">{t("limits")}</p>
      <Sketches found={found} />
      <Sentences result={result} />
    </section>
  );
}

function Brought({ found }: { readonly found: FingerprintStatistics }) {
  const t = useTranslations("result.fingerprint");
  const sides = [
    [t("original"), found.sides.original] as const,
    [t("suspect"), found.sides.suspect] as const,
    ...found.ancestors.map((side, index) => [t("ancestor", { number: index + 1 }), side] as const),
    ...found.controls.map((side, index) => [t("control", { number: index + 1 }), side] as const),
  ];
  return (
    <DataTable
      caption={t("brought")}
      columns={[{ name: t("side") }, { name: t("kind") }, { name: t("digest") }, { name: t("signedBy") }]}
      rows={sides.map(([name, side]) => [
        name,
        t(side.computed ? "kinds.computed" : `kinds.${side.kind}`),
        side.digest === null ? "–" : <Hash key="d" value={side.digest} />,
        side.signedBy === null ? t("unsigned") : <Hash key="k" value={side.signedBy} />,
      ])}
    />
  );
}

/** One line for each thing that a fingerprint can be asked; what could not be asked is not listed. */
function Matched({ found }: { readonly found: FingerprintStatistics }) {
  const t = useTranslations("result.fingerprint.matched");
  const { number, interval, share } = useNumbers();
  const { roots, sketches, rows, rowSearch, simhash, embeddings, rowNorms } = found;
  const lines: (readonly [string, ReactNode, string])[] = [
    ...(roots
      ? ([
          [
            t("roots"),
            t("of", { found: number(roots.shared.suspect), of: number(roots.counted.suspect) }),
            t("rootsNote", { left: roots.inAncestors.suspect }),
          ],
        ] as const)
      : []),
    ...(sketches
      ? ([
          [t("sketches"), number(sketches.medianCosine), t("sketchesNote")],
          ...(sketches.medianRho === null
            ? []
            : ([
                [t("rho"), number(sketches.medianRho), t("rhoNote", { tensors: sketches.eligible })],
              ] as const)),
        ] as const)
      : []),
    ...(rows?.pooled
      ? ([
          [
            t("rows"),
            <>
              {t("of", { found: number(rows.pooled.matched), of: number(rows.pooled.of) })}, p ≤{" "}
              <PValue log10={rows.pooled.log10P} />
            </>,
            t("rowsNote", { expected: rows.pooled.expected }),
          ],
        ] as const)
      : []),
    ...(rowSearch
      ? ([
          [
            t("search"),
            t("of", { found: number(rowSearch.found), of: number(rowSearch.references) }),
            t("searchNote", {
              control: Math.max(0, ...rowSearch.controls.map((control) => control?.found ?? 0)),
              controls: rowSearch.controls.filter((control) => control !== null).length,
            }),
          ],
        ] as const)
      : []),
    ...(simhash
      ? ([
          [t("simhash"), t("of", { found: number(simhash.distance), of: "1024" }), t("simhashNote")],
        ] as const)
      : []),
    ...(embeddings ? ([[t("embeddings"), interval(embeddings.cosine), t("embeddingsNote")]] as const) : []),
    ...(rowNorms ? ([[t("rowNorms"), number(rowNorms.medianDifference), t("rowNormsNote")]] as const) : []),
    ...(found.tokenizerJaccard === null
      ? []
      : ([[t("tokens"), share(found.tokenizerJaccard), t("tokensNote")]] as const)),
    [t("structure"), t(`structures.${found.structure}`), t("structureNote")],
    ...(found.programs.original + found.programs.suspect > 0
      ? ([
          [
            t("programs"),
            t("of", { found: number(found.programs.shared), of: number(found.programs.original) }),
            t("programsNote"),
          ],
        ] as const)
      : []),
  ];
  return (
    <DataTable
      caption={t("caption")}
      columns={[{ name: t("quantity") }, { name: t("value") }, { name: t("note") }]}
      rows={lines}
    />
  );
}

function Sketches({ found }: { readonly found: FingerprintStatistics }) {
  const t = useTranslations("result.fingerprint.pairs");
  const locale = useLocale() as Locale;
  const { number, interval } = useNumbers();
  const pairs = found.sketches?.pairs ?? [];
  if (pairs.length === 0) return null;
  return (
    <details className="more">
      <summary>{t("summary", { pairs: pairs.length })}</summary>
      <DataTable
        caption={t("caption", { more: found.sketches?.more ?? 0 })}
        columns={[
          { name: t("suspect") },
          { name: t("original") },
          { name: t("group") },
          { name: t("cosine"), number: true },
          { name: "ρ", number: true },
          { name: "α", number: true },
        ]}
        rows={pairs.map((pair) => [
          <code key="s">{pair.suspect}</code>,
          <code key="o">{pair.original}</code>,
          groupName(pair.group)[locale],
          interval(pair.cosine),
          interval(pair.beyondAncestors?.rho ?? null),
          number(pair.beyondAncestors?.alpha ?? null),
        ])}
      />
    </details>
  );
}
