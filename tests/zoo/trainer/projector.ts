import type { Kernels } from "./kernels";
import { Random } from "./random";
import type { Trained } from "./train";

export interface ProjectorShape {
  readonly inputs: number;
  /** Hidden units between two layers; 0 for a single linear layer. */
  readonly hidden: number;
  readonly outputs: number;
}

export interface ProjectorPlan {
  readonly shape: ProjectorShape;
  /** [hidden × inputs] then [outputs × hidden], or [outputs × inputs] alone. */
  readonly start: Float32Array;
  readonly steps: number;
  readonly rate: number;
  readonly seed: string;
  /** Row-major pairs of rows to map onto each other. */
  readonly from: Float32Array;
  readonly to: Float32Array;
}

export function projectorStart({ inputs, hidden, outputs }: ProjectorShape, seed: string): Float32Array {
  const random = new Random(`projector ${seed}`);
  const draw = (count: number, fan: number) =>
    Array.from({ length: count }, () => random.normal() / Math.sqrt(fan));
  if (hidden === 0) return Float32Array.from(draw(inputs * outputs, inputs));
  return Float32Array.from([...draw(hidden * inputs, inputs), ...draw(outputs * hidden, hidden)]);
}

/** Least squares by AdamW over mini-batches of 256 rows. */
export function trainProjector(kernels: Kernels, plan: ProjectorPlan): Trained {
  kernels.reset();
  const { call } = kernels;
  const { inputs, hidden, outputs } = plan.shape;
  const rows = 256;
  const count = plan.from.length / inputs;
  const size = plan.start.length;
  const [w, g, m, v] = [size, size, size, size].map((n) => kernels.floats(n)) as [
    number,
    number,
    number,
    number,
  ];
  const x = kernels.floats(rows * inputs);
  const target = kernels.floats(rows * outputs);
  const middle = kernels.floats(rows * Math.max(8, hidden));
  const dMiddle = kernels.floats(rows * Math.max(8, hidden));
  const y = kernels.floats(rows * outputs);
  const scratch = kernels.floats(520 * 520);
  kernels.view(w, size).set(plan.start);
  const random = new Random(`rows ${plan.seed}`);
  const second = w + 4 * hidden * inputs;
  const dSecond = g + 4 * hidden * inputs;
  const losses: number[] = [];
  let power1 = 1;
  let power2 = 1;
  for (let step = 0; step < plan.steps; step++) {
    for (let i = 0; i < rows; i++) {
      const row = random.below(count);
      kernels.view(x + 4 * i * inputs, inputs).set(plan.from.subarray(row * inputs, (row + 1) * inputs));
      kernels
        .view(target + 4 * i * outputs, outputs)
        .set(plan.to.subarray(row * outputs, (row + 1) * outputs));
    }
    const last = hidden === 0 ? x : middle;
    const width = hidden === 0 ? inputs : hidden;
    const [weight, gradient] = hidden === 0 ? [w, g] : [second, dSecond];
    if (hidden > 0) {
      call.gemm(middle, hidden, x, inputs, 1, w, 1, inputs, rows, hidden, inputs, 0, scratch);
      call.relu(middle, rows * hidden);
    }
    call.gemm(y, outputs, last, width, 1, weight, 1, width, rows, outputs, width, 0, scratch);
    losses.push(call.squaredError(y, target, rows, outputs));
    call.gemm(gradient, width, y, 1, outputs, last, width, 1, outputs, width, rows, 0, scratch);
    if (hidden > 0) {
      call.gemm(dMiddle, hidden, y, outputs, 1, second, hidden, 1, rows, hidden, outputs, 0, scratch);
      call.reluBack(dMiddle, middle, rows * hidden);
      call.gemm(g, inputs, dMiddle, 1, hidden, x, inputs, 1, hidden, inputs, rows, 0, scratch);
    }
    power1 *= 0.9;
    power2 *= 0.95;
    const rate = plan.rate * (1 - (0.9 * step) / plan.steps);
    call.adam(w, g, m, v, size, rate, 0, 1 / (1 - power1), 1 / (1 - power2), 1);
  }
  const tenth = Math.max(1, Math.floor(plan.steps / 10));
  const mean = (list: readonly number[]) => list.reduce((sum, loss) => sum + loss, 0) / list.length;
  return {
    values: kernels.view(w, size).slice(),
    firstLoss: mean(losses.slice(0, tenth)),
    lastLoss: mean(losses.slice(-tenth)),
  };
}
