import { useLocale, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Distribution } from "@/components/figures/distribution";
import { type StripGroup, WindowStrips } from "@/components/figures/window-strips";
import type { Locale } from "@/i18n/locales";
import { groupName } from "@/lib/engine/methods/sentences";
import type { CellStatistics, PooledStatistics } from "@/lib/engine/methods/weights-independence/schema";
import { isRelative } from "@/lib/engine/result/relatives";
import { nullOfMatches } from "./null-of-matches";

type Windows = CellStatistics["windows"];

/** What both tests of own indices have in common: of a cell, its layer, its windows and its controls'. */
type OwnIndexCell = Pick<CellStatistics, "group" | "original" | "windows" | "sameAs" | "controls">;

interface OwnIndexControl {
  readonly position: number;
  readonly like: boolean;
  readonly related?: boolean;
  readonly against: { readonly original: PooledStatistics | null; readonly suspect: PooledStatistics | null };
}

interface StripsProps {
  readonly cells: readonly OwnIndexCell[];
  readonly controls: readonly OwnIndexControl[];
  readonly pooled: PooledStatistics | null;
  readonly windowRows: number;
  readonly title: string;
  readonly name: string;
}

/** One row of windows a layer, for the pair and under it for each control. */
export function OwnIndexStrips({ cells, controls, pooled, windowRows, title, name }: StripsProps) {
  const t = useTranslations("result.independence");
  const locale = useLocale() as Locale;
  const row = (cell: OwnIndexCell, windows: Windows) => {
    const expert = cell.original.expert === null ? "" : `.${cell.original.expert}`;
    return {
      label: t("layer", { layer: `${cell.original.layer}${expert}` }),
      windows: windows.matched,
      note: t("ofRows", { matched: sum(windows.matched), rows: sum(windows.sizes) }),
    };
  };
  // Layer 0 of a vision tower is not layer 0 of a language model.
  const parts = [...Map.groupBy(cells, ({ group }) => group)];
  const groupsOf = (title: string, windowsOf: (cell: OwnIndexCell) => Windows | null): StripGroup[] =>
    parts.flatMap(([group, inside]) => {
      const rows = inside.flatMap((cell) => {
        const windows = windowsOf(cell);
        return windows ? [row(cell, windows)] : [];
      });
      const name = parts.length > 1 ? `${title} · ${groupName(group)[locale]}` : title;
      return rows.length > 0 ? [{ title: name, rows }] : [];
    });
  const controlGroups = controls.flatMap((control, at) =>
    groupsOf(
      t(isRelative(control) ? "relative" : "control", { number: control.position + 1 }),
      (cell) => cell.controls[at]?.original ?? cell.controls[at]?.suspect ?? null,
    ),
  );
  return (
    <WindowStrips
      title={title}
      caption={t("strips.caption", {
        matched: pooled?.matched ?? 0,
        of: pooled?.of ?? 0,
        expected: pooled?.expected ?? 0,
      })}
      limits={t(controlGroups.length > 0 ? "strips.limits" : "strips.noControl")}
      description={t("strips.description", { layers: cells.length })}
      name={name}
      groups={[...groupsOf(t("subject"), ({ windows }) => windows), ...controlGroups]}
      full={windowRows}
      columns={[t("strips.layer"), t("strips.rows"), t("strips.windows")]}
    />
  );
}

interface NullLawProps {
  readonly cells: readonly OwnIndexCell[];
  readonly controls: readonly OwnIndexControl[];
  readonly pooled: PooledStatistics;
  readonly caption: ReactNode;
  readonly limits: string;
  readonly name: string;
}

/** The exact law of the count, with what was seen here and with an unrelated control on it. */
export function NullLaw({ cells, controls, pooled, caption, limits, name }: NullLawProps) {
  const t = useTranslations("result.independence.law");
  const number = new Intl.NumberFormat(useLocale());
  const counted = cells.filter(({ sameAs }) => sameAs === null);
  const law = nullOfMatches(counted.flatMap(({ windows }) => windows.sizes));
  const marks = [
    { value: pooled.matched, label: t("subject", { matched: number.format(pooled.matched) }) },
    ...controls.flatMap((control) => {
      const { position, like, against } = control;
      const matched = against.original?.matched ?? against.suspect?.matched;
      if (matched === undefined || !like || isRelative(control)) return [];
      return [
        {
          value: matched,
          label: t("control", { number: position + 1, matched: number.format(matched) }),
        },
      ];
    }),
    ...(pooled.critical.e6 === null
      ? []
      : [{ value: pooled.critical.e6, label: t("critical", { count: number.format(pooled.critical.e6) }) }]),
  ];
  return (
    <Distribution
      title={t("title")}
      caption={caption}
      limits={limits}
      description={t("description", { matched: pooled.matched, expected: pooled.expected })}
      name={name}
      bars={law.filter(([, p]) => p > 1e-12).map(([count, p]) => [count - 0.5, count + 0.5, p] as const)}
      barsLabel={t("probability")}
      marks={marks}
      xName={t("rows")}
    />
  );
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
