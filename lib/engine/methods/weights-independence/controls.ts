import type { ReleaseWeights } from "../../weights/release-weights";
import type { Named } from "./cell-statistics";
import type { ControlPlan, MeasuredCell } from "./measure-cells";
import { type NeuronGroup, type NeuronStack, neuronStacks } from "./neuron-groups";
import { pooled } from "./pooled";
import type { IndependenceStatistics } from "./schema";
import { type Cell, pairStacks } from "./stack-pairs";

/** Above this a control is not unrelated to a side, and shows nothing. */
const relatedLog10 = -6;

/** Where in each control the group stands that answers a cell's: the stack paired with either side's, at the layer of a. */
export function controlPlans(
  controls: readonly (ReleaseWeights | null)[],
  stacksA: readonly NeuronStack[],
  stacksB: readonly NeuronStack[],
  options: { anyWidth?: boolean } = {},
): ControlPlan[] {
  return controls.map((weights) => {
    if (weights === null) return { weights, groupFor: () => null };
    const own = neuronStacks(weights);
    const answers = new Map<string, NeuronStack>();
    for (const [side, stacks] of [
      ["a", stacksA],
      ["b", stacksB],
    ] as const) {
      for (const pair of pairStacks(stacks, own, options))
        answers.set(key(side, pair.a.stack, pair.a.cols), pair.b);
    }
    return { weights, groupFor: (cell) => groupFor(answers, cell) };
  });
}

function groupFor(answers: ReadonlyMap<string, NeuronStack>, { a, b }: Cell): NeuronGroup | null {
  const stack =
    answers.get(key("a", a.stack, a.tensor.cols)) ?? answers.get(key("b", b.stack, b.tensor.cols));
  return stack?.groups.find(({ layer, expert }) => layer === a.layer && expert === a.expert) ?? null;
}

function key(side: "a" | "b", stack: string, cols: number): string {
  return `${side} ${cols} ${stack}`;
}

export function controlStatistics(
  plans: readonly ControlPlan[],
  counted: readonly MeasuredCell[],
  named: Named,
): IndependenceStatistics["controls"] {
  return plans.map((_, position) => {
    const against = (side: "againstA" | "againstB") =>
      pooled(
        counted.flatMap(({ controls }) => {
          const windows = controls[position]?.[side];
          return windows ? [windows] : [];
        }),
      );
    const [a, b] = [against("againstA"), against("againstB")];
    const related = [a, b].some((result) => result !== null && result.log10P <= relatedLog10);
    return { position, like: a !== null && b !== null, against: named(a, b), related };
  });
}
