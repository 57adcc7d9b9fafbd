import type { TensorGroup } from "../../result/document";
import { windowRows } from "../../statistics/row-matching";
import type { TensorPair } from "../../weights/pair-tensors";
import type { ReleaseWeights, TensorPlace, WeightTensor } from "../../weights/release-weights";

/**
 * One permutation group: the hidden neurons of one MLP. Gate, up and down of a layer share them, so only one of the
 * input matrices speaks for the group.
 */
export interface NeuronGroup {
  readonly stack: string;
  readonly layer: number;
  readonly expert: number | null;
  readonly group: TensorGroup;
  readonly axis: "mlp-hidden" | "projector-hidden" | "value-channel";
  /** One row per neuron, one column per feature of the residual stream. */
  readonly tensor: WeightTensor;
  /** The input matrices by their role, where there are such: cells compare like with like, 2C matches by both. */
  readonly up: WeightTensor | null;
  readonly gate: WeightTensor | null;
  /** The output matrix: one column per neuron. */
  readonly down: WeightTensor;
}

/** Groups of one stack of blocks, in the order of layer and expert. */
export interface NeuronStack {
  readonly stack: string;
  readonly group: TensorGroup;
  readonly cols: number;
  readonly layers: number;
  readonly groups: readonly NeuronGroup[];
}

/** Places of tensors by name, where their own words do not say what they are. */
export type Places = ReadonlyMap<string, TensorPlace>;

interface Members {
  readonly placed: TensorPlace;
  readonly up?: WeightTensor;
  readonly gate?: WeightTensor;
  readonly down?: WeightTensor;
}

/** A tensor whose name says nothing takes role, layer and expert from the partner that renames were found for. */
export function adoptedPlaces(pairs: readonly TensorPair[]): { original: Places; suspect: Places } {
  const adopted = { original: new Map<string, TensorPlace>(), suspect: new Map<string, TensorPlace>() };
  for (const pair of pairs) {
    for (const [side, other] of [
      ["original", "suspect"],
      ["suspect", "original"],
    ] as const) {
      const [own, { place }] = [pair[side], pair[other]];
      if (own.place.role !== "other" || place.role === "other") continue;
      adopted[side].set(own.name, { ...place, stack: own.place.stack ?? place.stack });
    }
  }
  return adopted;
}

/**
 * All neuron groups of a release, by stack. An input matrix counts only where an output matrix closes the axis: one of
 * the same place with as many columns as there are neurons. A single linear projector has none: its rows are the
 * language model's residual stream, an axis that two independent models may share.
 */
export function neuronStacks(weights: ReleaseWeights, adopted: Places = new Map()): NeuronStack[] {
  const places = new Map<string, Members>();
  for (const tensor of weights.tensors.values()) {
    const placed = adopted.get(tensor.name) ?? tensor.place;
    const { role, parameter } = placed;
    if (parameter !== "weight" || tensor.shape.length !== 2) continue;
    if (role !== "up" && role !== "gate" && role !== "down") continue;
    const key = placeKey(placed);
    const known = places.get(key) ?? { placed };
    // Two tensors of one role in one place: nobody can say which is meant; the first by name stands.
    if (known[role] === undefined) places.set(key, { ...known, [role]: tensor });
  }
  const groups = [...places.values()].flatMap(({ up, gate, down, placed }): NeuronGroup[] => {
    const tensor = up ?? gate;
    if (tensor === undefined || down === undefined || down.cols !== tensor.rows) return [];
    const { stack, layer, expert, group } = placed;
    const gates = gate !== undefined && sameShape(gate, tensor) ? gate : null;
    const axis = group === "projector" ? "projector-hidden" : "mlp-hidden";
    const place = { stack: stack ?? "", layer: layer ?? 0, expert, group };
    return [{ ...place, axis, tensor, up: up ?? null, gate: gates, down }];
  });
  return stacksOf(groups);
}

/**
 * Value channels inside heads, by stack: rows of a value matrix whose output matrix stands in the same place. Heads are
 * taken to be a multiple of 8 channels wide (all published ones known to us are), so that no window crosses from one
 * head to the next.
 */
export function valueStacks(weights: ReleaseWeights, adopted: Places = new Map()): NeuronStack[] {
  const placeOf = (tensor: WeightTensor) => adopted.get(tensor.name) ?? tensor.place;
  const outputs = new Map<string, WeightTensor>();
  const values: WeightTensor[] = [];
  for (const tensor of weights.tensors.values()) {
    const { role, parameter } = placeOf(tensor);
    if (parameter !== "weight" || tensor.shape.length !== 2) continue;
    if (role === "attention-out") outputs.set(placeKey(placeOf(tensor)), tensor);
    if (role === "value" && tensor.rows % windowRows === 0) values.push(tensor);
  }
  return stacksOf(
    values.flatMap((tensor): NeuronGroup[] => {
      const output = outputs.get(placeKey(placeOf(tensor)));
      // With grouped heads several query heads read one value head: the output is a multiple as wide.
      if (output === undefined || output.cols % tensor.rows !== 0) return [];
      const { stack, layer, expert, group } = placeOf(tensor);
      const place = { stack: stack ?? "", layer: layer ?? 0, expert, group };
      return [{ ...place, axis: "value-channel", tensor, up: tensor, gate: null, down: output }];
    }),
  );
}

/** Stacks without the groups that do not count, because an ancestor or an unrelated family holds their values. */
export function countedStacks(
  stacks: readonly NeuronStack[],
  leftOut: ReadonlySet<string> | undefined,
): NeuronStack[] {
  if (leftOut === undefined || leftOut.size === 0) return [...stacks];
  return stacks.flatMap((stack) => {
    const groups = stack.groups.filter(({ tensor }) => !leftOut.has(tensor.name));
    return groups.length === 0 ? [] : [{ ...stack, groups }];
  });
}

function stacksOf(groups: readonly NeuronGroup[]): NeuronStack[] {
  const byStack = Map.groupBy(groups, ({ stack, tensor }) => `${tensor.cols} ${stack}`);
  return [...byStack.values()]
    .map((members): NeuronStack => {
      const [first] = members as [NeuronGroup];
      return {
        stack: first.stack,
        group: first.group,
        cols: first.tensor.cols,
        layers: new Set(members.map(({ layer }) => layer)).size,
        groups: [...members].sort(
          (x, y) => x.layer - y.layer || (x.expert ?? -1) - (y.expert ?? -1) || byName(x.tensor, y.tensor),
        ),
      };
    })
    .sort((x, y) => (x.stack < y.stack ? -1 : x.stack > y.stack ? 1 : x.cols - y.cols));
}

function placeKey({ stack, layer, expert }: TensorPlace): string {
  return JSON.stringify([stack, layer, expert]);
}

function sameShape(a: WeightTensor, b: WeightTensor): boolean {
  return a.rows === b.rows && a.cols === b.cols;
}

function byName(a: WeightTensor, b: WeightTensor): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
