import { useTranslations } from "next-intl";
import { WindowStrips } from "@/components/figures/window-strips";
import type { IndependenceStatistics } from "@/lib/engine/methods/weights-independence/schema";
import { isRelative } from "@/lib/engine/result/relatives";
import { DataTable } from "./data-table";
import { sum } from "./own-index";
import { PValue } from "./p-value";

/** The features of the residual stream: columns of both embeddings, beside the controls and what chance gives. */
export function EmbeddingColumns({ found }: { readonly found: IndependenceStatistics }) {
  const t = useTranslations("result.independence");
  const { pooled, windows, tokens, controls } = found.embedding;
  // Why an embedding was not tested is among the method's sentences.
  if (pooled === null) return null;
  const { matched, of, expected } = pooled;
  return (
    <>
      <WindowStrips
        title={t("embedding.title")}
        caption={t("embedding.caption", { tokens, matched, of, expected })}
        limits={t("embedding.limits")}
        description={t("embedding.description", { windows: windows.sizes.length })}
        name="embedding-columns"
        groups={[
          {
            title: t("subject"),
            rows: [
              {
                label: t("embedding.features"),
                windows: windows.matched,
                note: t("ofRows", { matched: sum(windows.matched), rows: sum(windows.sizes) }),
              },
            ],
          },
        ]}
        full={found.windowRows}
        columns={[t("embedding.features"), t("embedding.columns"), t("strips.windows")]}
      />
      <DataTable
        caption={t("embedding.beside")}
        columns={[
          { name: t("embedding.compared") },
          { name: t("embedding.columns"), number: true },
          { name: t("embedding.expected"), number: true },
          { name: "p", number: true },
        ]}
        rows={[
          { name: t("subject"), ...pooled },
          ...controls.flatMap(({ position, against }) => {
            const beside = against.original ?? against.suspect;
            const control = found.controls.find((one) => one.position === position);
            const relative = control !== undefined && isRelative(control);
            return beside
              ? [{ name: t(relative ? "relative" : "control", { number: position + 1 }), ...beside }]
              : [];
          }),
        ].map(({ name, log10P, ...counts }) => [
          name,
          t("ofRows", { matched: counts.matched, rows: counts.of }),
          String(counts.expected),
          <PValue key="p" log10={log10P} />,
        ])}
      />
    </>
  );
}
