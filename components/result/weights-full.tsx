import { useLocale, useTranslations } from "next-intl";
import { CsvLink } from "@/components/data/csv-link";
import type { Locale } from "@/i18n/locales";
import { groupName } from "@/lib/engine/methods/sentences";
import {
  type Compared,
  type WeightsFullStatistics,
  weightsFullStatisticsSchema,
} from "@/lib/engine/methods/weights-full/schema";
import type { MethodResult } from "@/lib/engine/result/document";
import { DataTable } from "./data-table";
import { PlainDetails, Sentences } from "./methods-table";
import { useNumbers } from "./numbers";

/** weights/full: every byte read: equal leaves, every element compared, part by part and tensor by tensor. */
export function WeightsFull({ result }: { readonly result: MethodResult }) {
  const t = useTranslations("result.full");
  const locale = useLocale() as Locale;
  const { number, share } = useNumbers();
  const parsed = weightsFullStatisticsSchema.safeParse(result.statistics);
  if (!parsed.success) return <PlainDetails result={result} />;
  const found = parsed.data;
  const { counted, equal, inAncestor } = found.leaves;
  const row = (compared: Compared) => [
    number(compared.pairs),
    number(compared.elements),
    share(compared.elements > 0 ? compared.equal / compared.elements : null),
    number(compared.cosine),
    number(compared.difference?.sd ?? null),
  ];
  const columns = [
    { name: t("pairs"), number: true },
    { name: t("elements"), number: true },
    { name: t("equal"), number: true },
    { name: t("correlation"), number: true },
    { name: t("sd"), number: true },
  ];
  return (
    <section className="section" aria-labelledby="full">
      <h2 id="full">{t("title")}</h2>
      <DataTable
        caption={t("leaves.caption", { equal: equal.suspect, counted: counted.suspect })}
        columns={[
          { name: t("leaves.leaves") },
          { name: t("original"), number: true },
          { name: t("suspect"), number: true },
        ]}
        rows={[
          [t("leaves.counted"), number(counted.original), number(counted.suspect)],
          [t("leaves.equal"), number(equal.original), number(equal.suspect)],
          [t("leaves.inAncestor"), number(inAncestor.original), number(inAncestor.suspect)],
        ]}
      />
      <p className="note measure">{t("leaves.limits")}</p>
      <DataTable
        caption={t("groups.caption", {
          pairs: found.compared.pairs,
          elements: found.compared.elements,
          notCompared: found.notCompared,
        })}
        columns={[{ name: t("groups.group") }, ...columns]}
        rows={[
          ...found.groups.map(({ group, compared }) => [groupName(group)[locale], ...row(compared)]),
          [t("groups.all"), ...row(found.compared)],
        ]}
      />
      <Beyond found={found} />
      <Tensors found={found} />
      <Sentences result={result} />
    </section>
  );
}

function Beyond({ found }: { readonly found: WeightsFullStatistics }) {
  const t = useTranslations("result.full.beyond");
  const { number } = useNumbers();
  const beyond = found.beyondAncestors;
  if (beyond === null) return null;
  return (
    <DataTable
      caption={t("caption", { pairs: beyond.pairs, ancestors: beyond.ancestors.length })}
      columns={[{ name: t("quantity") }, { name: t("value"), number: true }]}
      rows={[
        [t("alphaForward"), number(beyond.suspectOnOriginal?.alpha ?? null)],
        [t("alphaBack"), number(beyond.originalOnSuspect?.alpha ?? null)],
        ["ρ", number(beyond.rho)],
        [t("partialR2"), number(beyond.suspectOnOriginal?.partialR2 ?? null)],
        [t("sizeRatio"), number(beyond.sizeRatio)],
      ]}
    />
  );
}

/** The least alike first; the sketches and shapes stand in the result as JSON. */
function Tensors({ found }: { readonly found: WeightsFullStatistics }) {
  const t = useTranslations("result.full");
  const { number, share } = useNumbers();
  if (found.tensors.length === 0) return null;
  const leaves = (of: { readonly of: number; readonly equal: number } | null) =>
    of === null ? "–" : t("ofLeaves", { equal: of.equal, of: of.of });
  const equalShare = ({ equal, elements }: Compared) => (elements > 0 ? equal / elements : null);
  return (
    <details className="more">
      <summary>{t("tensors.summary", { tensors: found.tensors.length })}</summary>
      <DataTable
        caption={t("tensors.caption", { more: found.tensorsNotListed })}
        columns={[
          { name: t("suspect") },
          { name: t("original") },
          { name: t("tensors.leaves"), number: true },
          { name: t("equal"), number: true },
          { name: t("correlation"), number: true },
        ]}
        rows={found.tensors.map((tensor) => [
          <code key="s">{tensor.suspect}</code>,
          <code key="o">{tensor.original}</code>,
          leaves(tensor.leaves),
          share(equalShare(tensor.compared)),
          number(tensor.compared.cosine),
        ])}
      />
      <CsvLink
        title={t("title")}
        name="tensors"
        rows={[
          ["suspect", "original", "leaves", "equal_leaves", "elements", "equal_elements", "correlation"],
          ...found.tensors.map(({ suspect, original, leaves: of, compared }) => [
            suspect,
            original,
            of?.of ?? null,
            of?.equal ?? null,
            compared.elements,
            compared.equal,
            compared.cosine,
          ]),
        ]}
      />
    </details>
  );
}
