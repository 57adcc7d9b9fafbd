import { median } from "../../statistics/bootstrap";
import { centredCosine } from "../../weights/layer-map";
import { rhoRule } from "./beyond-ancestors";
import type { AlignedStatistics } from "./schema";
import type { TensorFacts } from "./tensor-facts";

type Panel = AlignedStatistics["panel"];

/** Each control beside both sides, as the sides stand beside each other: what an innocent release looks like here. */
export function panelOf(facts: readonly TensorFacts[], controls: number, nearest: number): Panel {
  const matrices = facts.filter(({ matrix, counted: { why } }) => matrix && why === null);
  return Array.from({ length: controls }, (_, control) => {
    const rows = matrices.flatMap(({ counted }) => {
      const c = counted.controls[control];
      return c ? [{ c, o: counted.o, s: counted.s, base: counted.ancestors[nearest] ?? null }] : [];
    });
    const mean = (value: (row: (typeof rows)[number]) => number) =>
      rows.length === 0 ? 0 : rows.reduce((sum, row) => sum + value(row), 0) / rows.length;
    const rho = (side: "o" | "s") =>
      rows.flatMap((row) => (row.base ? [differenceCosine(row[side], row.c, row.base)] : []));
    const [rhoO, rhoS] = [rho("o"), rho("s")];
    const shareOf = (values: number[]) =>
      values.length === 0 ? null : values.filter((value) => value >= rhoRule).length / values.length;
    return {
      control,
      matrices: rows.length,
      cosine: {
        original: mean((row) => centredCosine(row.o, row.c)),
        suspect: mean((row) => centredCosine(row.s, row.c)),
      },
      equal: {
        original: mean((row) => equalShare(row.o, row.c)),
        suspect: mean((row) => equalShare(row.s, row.c)),
      },
      rho: {
        original: rhoO.length > 0 ? median(rhoO) : null,
        suspect: rhoS.length > 0 ? median(rhoS) : null,
      },
      ruleShare: { original: shareOf(rhoO), suspect: shareOf(rhoS) },
    };
  });
}

/** Partial R² that the rule must exceed: the largest ρ² of a control that shares the base, as its cosine shows. */
export function panelLimit(panel: Panel): number | null {
  const siblings = panel.filter(({ cosine }) => Math.min(cosine.original, cosine.suspect) >= 0.5);
  const values = siblings.flatMap(({ rho }) => [rho.original, rho.suspect].filter((r) => r !== null));
  return values.length === 0 ? null : Math.max(...values.map((r) => r * r));
}

function differenceCosine(a: Float32Array, b: Float32Array, base: Float32Array): number {
  let [aa, bb, ab] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const x = (a[i] as number) - (base[i] as number);
    const y = (b[i] as number) - (base[i] as number);
    aa += x * x;
    bb += y * y;
    ab += x * y;
  }
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : 0;
}

function equalShare(a: Float32Array, b: Float32Array): number {
  let equal = 0;
  for (let i = 0; i < a.length; i++) if (a[i] === b[i]) equal += 1;
  return equal / a.length;
}
