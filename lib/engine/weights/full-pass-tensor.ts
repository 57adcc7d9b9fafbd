import { type CentralSums, mergeCentral, normQuantiles, type Shape, shapeOf, sketchKey } from "../kernels";
import { elementBytes, type UnitResult } from "../kernels/unit";
import { merkleRoot } from "./full-pass-merkle";
import type { PassPlan, PlannedTensor, Segment } from "./full-pass-plan";
import { contentName } from "./full-pass-store";
import { keepLeaves, type Source } from "./full-pass-unit";
import type { WeightTensor } from "./release-weights";

/** What one pass over all bytes of a tensor leaves of it. */
export interface TensorPass {
  readonly tensor: WeightTensor;
  /** Merkle root over its leaves (full-pass-merkle.ts); null where its bytes are no stretch of their own, or are missing. */
  readonly root: string | null;
  /** SHA-256 of its leaves, 32 bytes each; null where there is no root. */
  readonly leaves: Uint8Array | null;
  readonly segment: Segment | null;
  /** Null where a value is not finite, or bytes are missing. */
  readonly shape: Shape | null;
  /** 32 quantiles of the rows' norms, ascending; null beside no shape, or beyond 2^20 rows. */
  readonly rowNorms: readonly number[] | null;
  /** Block-circulant CountSketch, 1,024 sums; null where bytes are missing. */
  readonly sketch: Float64Array | null;
}

/** Public seed and words of a tensor's sketch: its role, not its name or layer, so that layers stay comparable. */
export function tensorSketchKey({ place }: WeightTensor) {
  const expert = place.expert === null ? "" : String(place.expert);
  return sketchKey("slipmark.fingerprint/v1", ["sketch", place.role, place.parameter, expert]);
}

const mostRows = 2 ** 20;
export const rowNormCount = 32;

/** One tensor while it is passed over. */
export function memberOf(side: number, plan: PassPlan, planned: PlannedTensor) {
  const { tensor, segment, kind } = planned;
  const elements = tensor.rows * tensor.cols;
  const { cols } = tensor;
  const key = tensorSketchKey(tensor);
  const squares = tensor.rows <= mostRows ? new Float64Array(tensor.rows) : null;
  const sketch = new Float64Array(1024);
  const moments: CentralSums = new Float64Array(5);
  const content = segment === null ? null : contentName(plan.pass.release, segment.path);
  const width = kind === null ? 0 : elementBytes[kind];
  const decoded = kind === null;
  let missing = false;

  return {
    side,
    plan,
    planned,
    elements,
    width,
    /** False for a tensor that an earlier group passed over: a tied embedding is compared as embedding and as head. */
    first: segment?.issued === 0,
    /** Whether only the format can decode it; its bytes are then hashed apart. */
    decoded,
    /** How far its segment has to be hashed before its first elements up to `end` are decoded. */
    upTo(end: number): [Segment, number] {
      const own = segment ?? nothing;
      return [own, own.start + Math.ceil((end / elements) * (own.end - own.start))];
    },
    source(at: number, n: number): Source {
      const describe = { start: at, cols, key, squares: squares !== null };
      const place = [tensor.name, tensor.dtype, elements, at, n, cols, key.low, key.high];
      if (kind !== null && segment !== null) {
        const start = segment.start + at * width;
        return {
          kind,
          elements: n,
          hash: true,
          describe: n > 0 ? describe : null,
          name: content === null ? null : [content, start, kind, ...place],
          load: async (to, signal) =>
            n === 0 ||
            plan.pass.load({ path: segment.path, start, end: start + n * width }, to, false, signal),
        };
      }
      return {
        kind: "f32",
        elements: n,
        hash: false,
        describe: n > 0 ? describe : null,
        name: content === null ? null : [content, segment?.start, "decoded", ...place],
        async load(to, signal) {
          if (n === 0) return true;
          const values = (await plan.pass.weights?.read(tensor, at, at + n, signal)) ?? null;
          if (values !== null) to.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
          return values !== null;
        },
      };
    },
    take(at: number, n: number, found: UnitResult["sources"][number] | null): void {
      if (!decoded && segment) keepLeaves(segment, at * width, n * width, found?.leaves ?? null);
      if (found === null) {
        missing = true;
        return;
      }
      let first = at;
      for (const part of found.parts) {
        mergeCentral(moments, part.moments);
        for (let i = 0; i < 1024; i++) sketch[i] = (sketch[i] as number) + (part.sketch[i] as number);
        const row = Math.floor(first / cols);
        part.squares?.forEach((value, r) => {
          if (squares) squares[row + r] = (squares[row + r] as number) + value;
        });
        first += part.moments[0] as number;
      }
    },
    finish(): TensorPass {
      const whole =
        segment !== null && segment.missing === 0 && segment.issued === segment.end - segment.start;
      const shape = missing ? null : shapeOf(moments);
      return {
        tensor,
        root: whole ? merkleRoot(segment.leaves) : null,
        leaves: whole ? segment.leaves : null,
        segment,
        shape,
        rowNorms: shape === null || squares === null ? null : normQuantiles(squares, rowNormCount),
        sketch: missing ? null : sketch,
      };
    },
  };
}

const nothing: Segment = {
  path: "",
  start: 0,
  end: 0,
  leaves: new Uint8Array(),
  tensors: [],
  decoded: false,
  issued: 0,
  missing: 0,
};
