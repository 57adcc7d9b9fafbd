import type { TensorPair } from "./pair-tensors";
import type { WeightTensor } from "./release-weights";
import { type RunPosition, runPosition } from "./run-positions";

const runBytes = 65536;
/** Float32 values held at once over all releases: 256 MiB. */
const maxValues = 67108864;

export type Side = "original" | "suspect";

/** Roles and shape decide the position, so that all layers are read at one place and can be held against each other. */
export class RunPlan {
  readonly #positions = new Map<string, RunPosition>();
  readonly #bySlot: Record<Side, Map<string, RunPosition>> = { original: new Map(), suspect: new Map() };
  readonly #stacks = new Map<string, string>();
  /** Slot of the suspect by slot of the original. */
  readonly slots = new Map<string, string>();
  readonly #room: number;

  constructor(
    readonly seed: string,
    readonly pairs: readonly TensorPair[],
    models: number,
  ) {
    this.#room = Math.max(1024, Math.floor(maxValues / models / Math.max(1, pairs.length)));
    for (const pair of pairs) {
      const [a, b] = [slotOf(pair.original), slotOf(pair.suspect)];
      const at = this.of(pair);
      this.#bySlot.original.set(a, at);
      this.#bySlot.suspect.set(b, at);
      this.slots.set(a, b);
      const [from, to] = [pair.original.place, pair.suspect.place];
      if (from.stack !== null && to.stack !== null && from.layer !== null)
        this.#stacks.set(from.stack, to.stack);
    }
  }

  of({ original, suspect }: TensorPair): RunPosition {
    const wide = [original, suspect].some(({ dtype }) => dtype === "F32" || dtype === "F64");
    const elements = Math.min(runBytes / (wide ? 4 : 2), this.#room);
    const roles = [...new Set([original.place.role, suspect.place.role])].sort().join("+");
    const shape = {
      rows: Math.min(original.rows, suspect.rows),
      cols: Math.min(original.cols, suspect.cols),
    };
    const label = `${roles} ${original.place.parameter} ${shape.rows}x${shape.cols} ${elements}`;
    const known = this.#positions.get(label);
    if (known !== undefined) return known;
    const at = runPosition(shape, elements, this.seed, label);
    this.#positions.set(label, at);
    return at;
  }

  bySlot(tensor: WeightTensor, side: Side): RunPosition | null {
    return this.#bySlot[side].get(slotOf(tensor)) ?? null;
  }

  stacks(): [string, string][] {
    return [...this.#stacks].sort(([a], [b]) => (a < b ? -1 : 1));
  }
}

/** What a tensor does in its layer, the layer's number aside; a tensor outside of layers is its own slot. */
export function slotOf({ name, place }: WeightTensor): string {
  if (place.layer === null || place.stack === null) return name;
  const rest = name.slice(place.stack.length).replace(/\d+/, "#");
  return `${place.stack}${rest}`;
}
