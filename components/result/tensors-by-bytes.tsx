import { useTranslations } from "next-intl";
import { TensorMap } from "@/components/figures/tensor-map";
import type { TensorStatistics } from "@/lib/engine/methods/identity/schema";
import { origins, originsByBytes, tensorGrid } from "@/lib/engine/result/tensor-grid";

/** identity at level 3: which tensors of the suspect release are, byte for byte, the original's or an ancestor's. */
export function TensorsByBytes({ found }: { readonly found: TensorStatistics }) {
  const t = useTranslations("result.files.tensors");
  const facts = {
    counted: found.counted.suspect,
    identical: found.identical,
    ancestor: found.inAncestor.suspect,
    partial: found.partial.length + found.partialNotListed,
  };
  if (found.map.length === 0 && found.partial.length === 0)
    return <p className="measure">{t("nothing", facts)}</p>;
  const placed = originsByBytes(found);
  return (
    <TensorMap
      title={t("title")}
      caption={t("caption", facts)}
      limits={t("limits")}
      description={t("description", facts)}
      name="tensors-by-bytes"
      kinds={origins.map((origin) =>
        origin === "equal" || origin === "ancestor" || origin === "re-encoded" ? t(`kinds.${origin}`) : "",
      )}
      cells={tensorGrid(placed).map(({ column, row, origin }) => ({
        column: column === "" ? t("noLayer") : column,
        row,
        kind: origins.indexOf(origin),
      }))}
      columnName={t("layer")}
      columns={[t("tensor"), t("side"), t("other"), t("ancestors"), t("leaves")]}
      rows={[
        ...found.map.map(({ side, tensor, other, ancestors }) => [
          tensor,
          t(`sides.${side}`),
          other.join(", "),
          ancestors
            .map(({ position, tensors }) =>
              t("inAncestor", { number: position + 1, names: tensors.join(", ") }),
            )
            .join("; "),
          t("all"),
        ]),
        ...found.partial.map(({ suspect, original, equal, leaves }) => [
          suspect,
          t("sides.suspect"),
          original,
          "",
          t("ofLeaves", { equal, of: leaves }),
        ]),
      ]}
    />
  );
}
