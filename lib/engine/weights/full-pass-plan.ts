import { byCodeUnit } from "../formats/metadata-files";
import { weightFormat } from "../formats/weight-files";
import { elementBytes, type SourceKind } from "../kernels/unit";
import type { FileSpan, PassWeights } from "./full-pass-trace";
import type { WeightTensor } from "./release-weights";

/** One stretch of a file whose bytes are hashed in leaves counted from its start: a tensor, or what lies between. */
export interface Segment extends FileSpan {
  /** SHA-256 of its leaves, filled in as they are read. */
  readonly leaves: Uint8Array;
  /** Tensors (by name) that this stretch holds and nothing else. */
  readonly tensors: readonly string[];
  /** Whether a tensor in it is decoded by its format, and not from the bytes as they lie. */
  decoded: boolean;
  /** Bytes handed out for hashing so far. */
  issued: number;
  /** Bytes of it that could not be had. */
  missing: number;
}

export interface PlannedTensor {
  readonly tensor: WeightTensor;
  /** Null where its bytes are mixed with another tensor's, or in no file. */
  readonly segment: Segment | null;
  /** How its elements lie in the segment; null where only its format can decode them. */
  readonly kind: Exclude<SourceKind, "raw"> | null;
}

export interface PassPlan {
  readonly pass: PassWeights;
  /** By path and start; together they cover every weight file whose size is listed. */
  readonly segments: readonly Segment[];
  readonly tensors: ReadonlyMap<string, PlannedTensor>;
  readonly bytes: number;
}

const leafBytes = 1_048_576;
const kinds: Readonly<Record<string, PlannedTensor["kind"]>> = { F32: "f32", BF16: "bf16", F16: "f16" };

/** Finds where each tensor lies, without reading it, and cuts the weight files accordingly. */
export async function planPass(pass: PassWeights): Promise<PassPlan> {
  const tensors = [...(pass.weights?.tensors.values() ?? [])];
  const spans = new Map<string, FileSpan | null>();
  const straight = new Set<string>();
  for (const tensor of tensors) {
    const elements = tensor.rows * tensor.cols;
    const runs = await pass.trace(tensor, 0, elements);
    spans.set(tensor.name, hullOf(runs));
    const width = widthOf(tensor);
    if (width === null || runs.length !== 1 || lengthOf(runs[0]) !== elements * width) continue;
    const [first] = await pass.trace(tensor, 0, 1);
    // GGUF keeps some values other than they are used.
    if (lengthOf(first) === width && pass.weights?.format !== "gguf") straight.add(tensor.name);
  }
  const sizes = new Map(pass.release.files.map(({ path, size }) => [path, size]));
  const paths = [...sizes.keys()].filter(
    (path) => weightFormat(path) !== null || [...spans.values()].some((span) => span?.path === path),
  );
  const segments = paths.sort(byCodeUnit).flatMap((path) => cut(path, sizes.get(path) ?? null, spans));
  const bySpan = new Map(segments.map((segment) => [spanKey(segment), segment]));
  return {
    pass,
    segments,
    bytes: segments.reduce((sum, { start, end }) => sum + end - start, 0),
    tensors: new Map(
      tensors.map((tensor) => {
        const span = spans.get(tensor.name);
        const segment = (span && bySpan.get(spanKey(span))) ?? null;
        const alone = segment?.tensors.length === 1 && straight.has(tensor.name);
        if (segment && !alone) segment.decoded = true;
        return [tensor.name, { tensor, segment, kind: alone ? (kinds[tensor.dtype] ?? null) : null }];
      }),
    ),
  };
}

function widthOf({ dtype }: WeightTensor): number | null {
  const kind = kinds[dtype];
  return kind ? elementBytes[kind] : null;
}

const lengthOf = (span: FileSpan | undefined) => (span ? span.end - span.start : 0);
const spanKey = ({ path, start, end }: FileSpan) => `${start} ${end} ${path}`;

/** The stretch from the first to the last byte of runs in one file. */
function hullOf(runs: readonly FileSpan[]): FileSpan | null {
  const path = runs[0]?.path;
  if (path === undefined || runs.some((run) => run.path !== path)) return null;
  let [start, end] = [Number.POSITIVE_INFINITY, 0];
  for (const run of runs) [start, end] = [Math.min(start, run.start), Math.max(end, run.end)];
  return { path, start, end };
}

/** A tensor's stretch is a segment of its own unless it overlaps one that begins before it. */
function cut(path: string, size: number | null, spans: ReadonlyMap<string, FileSpan | null>): Segment[] {
  const here = new Map<string, { span: FileSpan; names: string[] }>();
  for (const [name, span] of spans) {
    if (span?.path !== path || (size !== null && span.end > size)) continue;
    const known = here.get(spanKey(span));
    if (known) known.names.push(name);
    else here.set(spanKey(span), { span, names: [name] });
  }
  const sorted = [...here.values()].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
  const found: Segment[] = [];
  let reached = 0;
  for (const { span, names } of sorted) {
    if (span.start < reached || span.end === span.start) continue;
    if (span.start > reached) found.push(segment({ path, start: reached, end: span.start }, []));
    found.push(segment(span, names.sort(byCodeUnit)));
    reached = span.end;
  }
  if (size !== null && reached < size) found.push(segment({ path, start: reached, end: size }, []));
  return found;
}

function segment(span: FileSpan, tensors: readonly string[]): Segment {
  const leaves = new Uint8Array(Math.ceil((span.end - span.start) / leafBytes) * 32);
  return { ...span, leaves, tensors, decoded: false, issued: 0, missing: 0 };
}
