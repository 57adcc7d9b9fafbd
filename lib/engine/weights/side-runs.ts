import { isNumeric } from "../formats/numbers/decode";
import type { LayerRuns } from "./layer-map";
import type { TensorPair } from "./pair-tensors";
import { readRun } from "./read-run";
import type { ReleaseWeights, WeightTensor } from "./release-weights";
import { type RunPlan, type Side, slotOf } from "./run-plan";
import type { RunPosition } from "./run-positions";

/** The runs of one side, read at the places of a plan. */
export class SideRuns {
  readonly #runs = new Map<string, Float32Array>();
  readonly #tensors = new Map<string, WeightTensor>();

  constructor(
    readonly weights: ReleaseWeights,
    readonly plan: RunPlan,
    readonly side: Side,
    readonly signal: AbortSignal | undefined,
  ) {}

  /** Reads the side of every pair, and the layers without a partner at the place of their like. */
  async load(pairs: readonly TensorPair[], unpaired: readonly WeightTensor[]): Promise<void> {
    const wanted = new Map<string, [WeightTensor, RunPosition]>();
    for (const pair of pairs) {
      const at = this.plan.of(pair);
      wanted.set(runKey(pair[this.side], at), [pair[this.side], at]);
    }
    for (const tensor of unpaired) {
      const at = this.plan.bySlot(tensor, this.side);
      if (at && tensor.place.layer !== null && isNumeric(tensor.dtype))
        wanted.set(runKey(tensor, at), [tensor, at]);
    }
    await Promise.all(
      [...wanted].map(async ([key, [tensor, at]]) => {
        const run = await readRun(this.weights, tensor, at, "read", this.signal);
        if (run) this.#runs.set(key, run);
        this.#tensors.set(tensor.name, tensor);
      }),
    );
  }

  run(tensor: WeightTensor, at: RunPosition): Float32Array | null {
    return this.#runs.get(runKey(tensor, at)) ?? null;
  }

  /** Runs of a stack's matrices by layer and by the original's slot. */
  layers(stack: string): LayerRuns {
    const slots = new Map([...this.plan.slots].map(([a, b]) => (this.side === "original" ? [a, a] : [b, a])));
    const layers = new Map<number, Map<string, Float32Array>>();
    for (const tensor of [...this.#tensors.values()].sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const { place, rows } = tensor;
      const [slot, at] = [slots.get(slotOf(tensor)), this.plan.bySlot(tensor, this.side)];
      const run = at && this.run(tensor, at);
      if (place.stack !== stack || place.layer === null || rows === 1 || slot === undefined || !run) continue;
      const runs = layers.get(place.layer) ?? new Map<string, Float32Array>();
      layers.set(place.layer, runs.set(slot, run));
    }
    return layers;
  }

  bySlotAndLayer(): Map<string, WeightTensor> {
    return new Map(
      [...this.#tensors.values()].map((tensor) => [`${slotOf(tensor)} ${tensor.place.layer}`, tensor]),
    );
  }
}

function runKey(tensor: WeightTensor, { row, col, rows, cols }: RunPosition): string {
  return `${row} ${col} ${rows} ${cols} ${tensor.name}`;
}
