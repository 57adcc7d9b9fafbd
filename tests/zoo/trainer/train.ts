import type { Kernels } from "./kernels";
import { Random } from "./random";
import { parameters, type Shape } from "./shape";
import { Transformer } from "./transformer";

export interface TrainingPlan {
  readonly shape: Shape;
  /** Flat float32 parameters to start from; not changed. */
  readonly start: Float32Array;
  readonly steps: number;
  readonly batch: number;
  /** Peak learning rate: linear warm-up over `warmup` steps, then linear decay to a tenth. */
  readonly rate: number;
  readonly warmup: number;
  readonly weightDecay: number;
  /** The next batch: `batch` windows of context + 1 ids. */
  readonly next: () => readonly Int32Array[];
  /** Train on this model's output distribution instead of the text. */
  readonly teacher?: { readonly shape: Shape; readonly values: Float32Array };
  /** Train only low-rank updates of these matrices, merged at the end. */
  readonly lora?: { readonly rank: number; readonly targets: RegExp; readonly seed: string };
}

export interface Trained {
  readonly values: Float32Array;
  /** Mean loss (nats a token) of the first and of the last tenth of all steps. */
  readonly firstLoss: number;
  readonly lastLoss: number;
}

/** Gaussian matrices with standard deviation 1/√inputs (embeddings .06), unit gains; the same for the same seed. */
export function initialValues(shape: Shape, seed: string): Float32Array {
  const random = new Random(`initial ${seed}`);
  const list = parameters(shape);
  const values = new Float32Array(list.reduce((sum, { size }) => sum + size, 0));
  for (const { name, shape: dims, at, size } of list) {
    const inputs = dims[1];
    if (inputs === undefined) {
      values.fill(1, at, at + size);
      continue;
    }
    const into = /(?:o_proj|down_proj)/.test(name);
    const table = /(?:embed_tokens|lm_head)/.test(name);
    const sd = table ? 0.06 : 1 / Math.sqrt(inputs * (into ? 2 * shape.layers : 1));
    for (let i = 0; i < size; i++) values[at + i] = sd * random.normal();
  }
  return values;
}

/** AdamW on next-token cross entropy, gradients clipped at norm 1. Bit-deterministic. */
export function train(kernels: Kernels, plan: TrainingPlan): Trained {
  kernels.reset();
  const { call } = kernels;
  const model = new Transformer(kernels, plan.shape, plan.batch);
  const teacher = plan.teacher ? new Transformer(kernels, plan.teacher.shape, plan.batch) : null;
  const optimiser = plan.lora
    ? lowRankOptimiser(kernels, model, plan.lora)
    : fullOptimiser(kernels, model, plan.weightDecay);
  const targets = kernels.floats(model.tokens);
  model.values().set(plan.start);
  if (teacher && plan.teacher) teacher.values().set(plan.teacher.values);
  const losses: number[] = [];
  let power1 = 1;
  let power2 = 1;
  for (let step = 0; step < plan.steps; step++) {
    const windows = plan.next();
    const inputs = joined(windows, 0, plan.shape.context);
    kernels.ids(targets, model.tokens).set(joined(windows, 1, plan.shape.context));
    optimiser.prepare();
    model.forward(inputs);
    const { vocabulary } = plan.shape;
    call.softmaxRows(model.logits, model.tokens, vocabulary);
    if (teacher) {
      teacher.forward(inputs);
      call.softmaxRows(teacher.logits, model.tokens, vocabulary);
      losses.push(call.distillation(model.logits, teacher.logits, model.tokens, vocabulary));
    } else losses.push(call.crossEntropy(model.logits, targets, model.tokens, vocabulary));
    model.backward();
    power1 *= 0.9;
    power2 *= 0.95;
    optimiser.step(rateAt(plan, step), 1 / (1 - power1), 1 / (1 - power2));
  }
  optimiser.prepare();
  const tenth = Math.max(1, Math.floor(plan.steps / 10));
  return {
    values: model.values().slice(),
    firstLoss: mean(losses.slice(0, tenth)),
    lastLoss: mean(losses.slice(-tenth)),
  };
}

function rateAt({ rate, warmup, steps }: TrainingPlan, step: number): number {
  if (step < warmup) return (rate * (step + 1)) / warmup;
  return rate * (1 - (0.9 * (step - warmup)) / Math.max(1, steps - warmup));
}

interface Optimiser {
  /** Before a forward pass, and once at the end. */
  prepare(): void;
  step(rate: number, c1: number, c2: number): void;
}

function clipped(norm2: number): number {
  return norm2 > 1 ? 1 / Math.sqrt(norm2) : 1;
}

function fullOptimiser(kernels: Kernels, model: Transformer, decay: number): Optimiser {
  const { call } = kernels;
  const first = kernels.floats(model.size);
  const second = kernels.floats(model.size);
  return {
    prepare() {},
    step(rate, c1, c2) {
      const clip = clipped(call.sumOfSquares(model.gradients, model.size));
      for (const { at, size, shape } of model.list) {
        const o = 4 * at;
        const kept = shape.length > 1 ? decay : 0;
        call.adam(
          model.weights + o,
          model.gradients + o,
          first + o,
          second + o,
          size,
          rate,
          kept,
          c1,
          c2,
          clip,
        );
      }
    },
  };
}

/** W = W₀ + B·A with B [out × r] zero and A [r × in] Gaussian at the start; only A and B are trained. */
function lowRankOptimiser(
  kernels: Kernels,
  model: Transformer,
  { rank, targets, seed }: NonNullable<TrainingPlan["lora"]>,
): Optimiser {
  const { call } = kernels;
  const random = new Random(`low rank ${seed}`);
  const chosen = model.list.filter(({ name, shape }) => shape.length > 1 && targets.test(name));
  // Ranks are padded to 8 columns for the kernel; the padding stays zero in B and A alike.
  const r = 8;
  const adapters = chosen.map((parameter) => {
    const [rows, cols] = parameter.shape as [number, number];
    const space = () => kernels.floats(r * (rows + cols));
    const adapter = { rows, cols, at: parameter.at, w: space(), g: space(), m: space(), v: space() };
    const a = kernels.view(adapter.w + 4 * r * rows, rank * cols);
    for (let i = 0; i < a.length; i++) a[i] = random.normal() / Math.sqrt(cols);
    return { ...adapter, start: kernels.floats(rows * cols), size: r * (rows + cols) };
  });
  const longest = Math.max(...chosen.flatMap(({ shape }) => shape));
  const scratch = kernels.floats((longest + 8) * longest);
  let started = false;
  return {
    prepare() {
      for (const { at, rows, cols, w, start } of adapters) {
        const to = model.weights + 4 * at;
        if (!started) kernels.view(start, rows * cols).set(kernels.view(to, rows * cols));
        kernels.view(to, rows * cols).set(kernels.view(start, rows * cols));
        call.gemm(to, cols, w, r, 1, w + 4 * r * rows, cols, 1, rows, cols, r, 1, scratch);
      }
      started = true;
    },
    step(rate, c1, c2) {
      let norm2 = 0;
      for (const { at, rows, cols, w, g, size } of adapters) {
        const dw = model.gradients + 4 * at;
        const a = w + 4 * r * rows;
        call.gemm(g, r, dw, cols, 1, a, 1, cols, rows, r, cols, 0, scratch);
        call.gemm(g + 4 * r * rows, cols, w, 1, r, dw, cols, 1, r, cols, rows, 0, scratch);
        for (let k = rank; k < r; k++) {
          for (let i = 0; i < rows; i++) kernels.view(g + 4 * (i * r + k), 1)[0] = 0;
          kernels.view(g + 4 * (r * rows + k * cols), cols).fill(0);
        }
        norm2 += call.sumOfSquares(g, size);
      }
      const clip = clipped(norm2);
      for (const { w, g, m, v, size } of adapters) call.adam(w, g, m, v, size, rate, 0, c1, c2, clip);
    },
  };
}

function joined(windows: readonly Int32Array[], shift: number, context: number): Int32Array {
  const ids = new Int32Array(windows.length * context);
  windows.forEach((window, i) => {
    ids.set(window.subarray(shift, shift + context), i * context);
  });
  return ids;
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
}
