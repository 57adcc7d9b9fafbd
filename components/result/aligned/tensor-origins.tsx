import { useLocale, useTranslations } from "next-intl";
import { TensorMap } from "@/components/figures/tensor-map";
import type { Locale } from "@/i18n/locales";
import { groupName } from "@/lib/engine/methods/sentences";
import type { AlignedStatistics } from "@/lib/engine/methods/weights-aligned/schema";
import { originOf, origins, tensorGrid } from "@/lib/engine/result/tensor-grid";

/** A map of what came from where, a column a layer; the table names every tensor. */
export function TensorOrigins({ found }: { readonly found: AlignedStatistics }) {
  const t = useTranslations("result.aligned.map");
  const locale = useLocale() as Locale;
  if (found.tensorMap.length === 0) return null;
  const placed = found.tensorMap.map((tensor) => ({
    tensor,
    name: tensor.suspect,
    origin: originOf(tensor),
  }));
  const parts = origins.flatMap((origin) => {
    const count = placed.filter((one) => one.origin === origin).length;
    return count > 0 ? [t("part", { kind: t(`kinds.${origin}`), count })] : [];
  });
  const facts = { all: placed.length, parts: parts.join(t("comma")) };
  return (
    <TensorMap
      title={t("title")}
      caption={t("caption", facts)}
      limits={t("limits")}
      description={t("description", facts)}
      name="tensor-map"
      kinds={origins.map((origin) => t(`kinds.${origin}`))}
      cells={tensorGrid(placed).map(({ column, row, origin }) => ({
        column: column === "" ? t("noLayer") : column,
        row,
        kind: origins.indexOf(origin),
      }))}
      columnName={t("layer")}
      columns={[
        t("tensor"),
        t("inOriginal"),
        t("group"),
        t("origin"),
        t("change"),
        t("counted"),
        t("equal"),
        t("cosine"),
        "α",
        "ρ",
      ]}
      rows={placed.map(({ tensor, origin }) => [
        tensor.suspect,
        tensor.original,
        groupName(tensor.group)[locale],
        tensor.ancestor === null ? t(`kinds.${origin}`) : t("ofAncestor", { number: tensor.ancestor + 1 }),
        t(`changes.${tensor.change}`),
        tensor.leftOut === null ? t("yes") : t("no", { why: t(`leftOut.${tensor.leftOut}`) }),
        tensor.equal,
        tensor.cosine,
        tensor.alpha,
        tensor.rho,
      ])}
    />
  );
}
