import { useTranslations } from "next-intl";
import type { AlignedStatistics } from "@/lib/engine/methods/weights-aligned/schema";
import { useNumbers } from "../numbers";

/** What was seen of the difference, one sentence a kind, with its figures. */
export function ChangesInWords({ found }: { readonly found: AlignedStatistics }) {
  const t = useTranslations("result.aligned.words");
  const { number, interval, share } = useNumbers();
  const { noise, quantised, pruned, rescaled, lowRank, merge, tensors } = found;
  const lines = [
    t("sampled", {
      sampled: tensors.sampled,
      counted: tensors.counted,
      matrices: tensors.matrices,
      elements: found.elements,
    }),
    ...(found.cosine === null
      ? []
      : [t("alike", { equal: share(found.equal), cosine: number(found.cosine) })]),
    ...(noise
      ? [
          t("noise", { white: noise.white, of: noise.of, sigma: interval(noise.sigma) }),
          ...(noise.law === "none" ? [] : [t(`law.${noise.law}`, { value: interval(noise.value) })]),
        ]
      : []),
    ...(quantised
      ? [
          t("quantised", {
            tensors: quantised.tensors,
            bits: quantised.bits
              .map(({ bits, tensors: count }) => t("bits", { bits: bits ?? "?", count }))
              .join(t("comma")),
          }),
        ]
      : []),
    ...(pruned
      ? [
          t("pruned", {
            tensors: pruned.tensors,
            original: share(pruned.zeroed.original),
            suspect: share(pruned.zeroed.suspect),
          }),
        ]
      : []),
    ...(rescaled
      ? [
          t("rescaled", {
            rows: rescaled.rows,
            columns: rescaled.columns,
            smallest: number(rescaled.smallest),
            largest: number(rescaled.largest),
          }),
        ]
      : []),
    ...(lowRank && lowRank.low > 0
      ? [t("lowRank", { low: lowRank.low, blocks: lowRank.blocks, rank: number(lowRank.rank) })]
      : []),
    ...(merge ? [t(`merge.${merge.kind}`, { alpha: interval(merge.alpha) })] : []),
    ...found.layerMaps.filter(({ moved }) => moved).map((map) => layersInWords(map, t)),
  ];
  return (
    <ul className="measure">
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}

type Words = ReturnType<typeof useTranslations<"result.aligned.words">>;

function layersInWords(map: AlignedStatistics["layerMaps"][number], t: Words): string {
  const list = (layers: readonly number[]) => (layers.length === 0 ? t("noLayer") : layers.join(t("comma")));
  return t("layers", {
    original: map.layers.original,
    suspect: map.layers.suspect,
    withoutOriginal: list(map.without.original),
    withoutSuspect: list(map.without.suspect),
    repeated: list(map.repeated.original.length > 0 ? map.repeated.original : map.repeated.suspect),
  });
}
