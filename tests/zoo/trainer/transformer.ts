import type { Kernels } from "./kernels";
import { type Parameter, parameters, type Shape, totalSize } from "./shape";

interface Layer {
  readonly norm1: number;
  readonly q: number;
  readonly k: number;
  readonly v: number;
  readonly o: number;
  readonly norm2: number;
  readonly gate: number;
  readonly up: number;
  readonly down: number;
}

/** What the forward pass of one layer leaves for the backward pass. */
interface Kept {
  readonly input: number;
  readonly normed1: number;
  readonly inverse1: number;
  readonly q: number;
  readonly k: number;
  readonly v: number;
  readonly p: number;
  readonly mixed: number;
  readonly middle: number;
  readonly normed2: number;
  readonly inverse2: number;
  readonly gate: number;
  readonly up: number;
  readonly act: number;
}

/** One model in the kernels' memory, with gradients, for batches of whole context windows. */
export class Transformer {
  readonly list: readonly Parameter[];
  readonly size: number;
  /** Byte offsets of the flat parameters and gradients. */
  readonly weights: number;
  readonly gradients: number;
  /** Residual stream behind the last norm, [tokens × hidden], after `forward`. */
  readonly final: number;
  /** Logits after `forward`; the losses turn them into their gradient. */
  readonly logits: number;
  readonly tokens: number;
  readonly #names: ReadonlyMap<string, number>;
  readonly #layers: readonly Layer[];
  readonly #kept: readonly Kept[];
  readonly #b: Record<"ids" | "last" | "inverse" | "cos" | "sin" | "scratch" | "ds", number>;
  readonly #d: Record<"x" | "h" | "q" | "k" | "v" | "mixed" | "act", number>;

  constructor(
    readonly kernels: Kernels,
    readonly shape: Shape,
    readonly batch: number,
  ) {
    const { hidden: h, mlp, heads, kvHeads, headDim, context, vocabulary } = shape;
    const n = batch * context;
    const floats = (count: number) => kernels.floats(count);
    this.tokens = n;
    this.list = parameters(shape);
    this.size = totalSize(shape);
    this.weights = floats(this.size);
    this.gradients = floats(this.size);
    this.#names = new Map(this.list.map(({ name, at }) => [name, at]));
    const at = (name: string) => this.#names.get(name) as number;
    this.#layers = Array.from({ length: shape.layers }, (_, layer) => {
      const place = `model.layers.${layer}`;
      return {
        norm1: at(`${place}.input_layernorm.weight`),
        q: at(`${place}.self_attn.q_proj.weight`),
        k: at(`${place}.self_attn.k_proj.weight`),
        v: at(`${place}.self_attn.v_proj.weight`),
        o: at(`${place}.self_attn.o_proj.weight`),
        norm2: at(`${place}.post_attention_layernorm.weight`),
        gate: at(`${place}.mlp.gate_proj.weight`),
        up: at(`${place}.mlp.up_proj.weight`),
        down: at(`${place}.mlp.down_proj.weight`),
      };
    });
    this.#kept = this.#layers.map(() => ({
      input: floats(n * h),
      normed1: floats(n * h),
      inverse1: floats(n),
      q: floats(n * heads * headDim),
      k: floats(n * kvHeads * headDim),
      v: floats(n * kvHeads * headDim),
      p: floats(batch * heads * context * context),
      mixed: floats(n * heads * headDim),
      middle: floats(n * h),
      normed2: floats(n * h),
      inverse2: floats(n),
      gate: floats(n * mlp),
      up: floats(n * mlp),
      act: floats(n * mlp),
    }));
    const longest = Math.max(n, mlp, vocabulary, heads * headDim);
    this.#b = {
      ids: floats(n),
      last: floats(n * h),
      inverse: floats(n),
      cos: floats((context * headDim) / 2),
      sin: floats((context * headDim) / 2),
      scratch: floats((longest + 8) * longest),
      ds: floats(context * context),
    };
    this.final = floats(n * h);
    this.logits = floats(n * vocabulary);
    this.#d = {
      x: floats(n * h),
      h: floats(n * h),
      q: floats(n * heads * headDim),
      k: floats(n * kvHeads * headDim),
      v: floats(n * kvHeads * headDim),
      mixed: floats(n * heads * headDim),
      act: floats(n * mlp),
    };
    kernels.call.ropeTables(this.#b.cos, this.#b.sin, context, headDim, 10000);
  }

  /** All parameters, flat. */
  values(): Float32Array {
    return this.kernels.view(this.weights, this.size);
  }

  /** y[n × out] = x[n × in] · Wᵀ */
  #linear(y: number, x: number, weight: number, outputs: number, inputs: number): void {
    const w = this.weights + 4 * weight;
    const { scratch } = this.#b;
    this.kernels.call.gemm(y, outputs, x, inputs, 1, w, 1, inputs, this.tokens, outputs, inputs, 0, scratch);
  }

  /** dx (+)= dy · W; dW (+)= dyᵀ · x */
  #linearBack(
    dx: number,
    dy: number,
    x: number,
    weight: number,
    outputs: number,
    inputs: number,
    accumulate: 0 | 1,
  ): void {
    const { gemm } = this.kernels.call;
    const { scratch } = this.#b;
    const n = this.tokens;
    const w = this.weights + 4 * weight;
    const dw = this.gradients + 4 * weight;
    gemm(dx, inputs, dy, outputs, 1, w, inputs, 1, n, inputs, outputs, accumulate, scratch);
    gemm(dw, inputs, dy, 1, outputs, x, inputs, 1, outputs, inputs, n, 0, scratch);
  }

  get #headAt(): number {
    return this.#names.get(this.shape.tied ? "model.embed_tokens.weight" : "lm_head.weight") as number;
  }

  /** Logits of a batch of ids [batch × context]. */
  forward(ids: Int32Array): void {
    const { call } = this.kernels;
    const { hidden: h, mlp, heads, kvHeads, headDim, context, vocabulary } = this.shape;
    const n = this.tokens;
    const b = this.#b;
    const at = (offset: number) => this.weights + 4 * offset;
    this.kernels.ids(b.ids, n).set(ids);
    let x = this.#kept[0]?.input ?? b.last;
    call.embed(x, this.weights, b.ids, n, h);
    this.#layers.forEach((layer, index) => {
      const kept = this.#kept[index] as Kept;
      call.norm(kept.normed1, x, at(layer.norm1), kept.inverse1, n, h);
      this.#linear(kept.q, kept.normed1, layer.q, heads * headDim, h);
      this.#linear(kept.k, kept.normed1, layer.k, kvHeads * headDim, h);
      this.#linear(kept.v, kept.normed1, layer.v, kvHeads * headDim, h);
      call.rope(kept.q, b.cos, b.sin, n, context, heads, headDim, 1);
      call.rope(kept.k, b.cos, b.sin, n, context, kvHeads, headDim, 1);
      const scale = 1 / Math.sqrt(headDim);
      call.attention(
        kept.mixed,
        kept.p,
        kept.q,
        kept.k,
        kept.v,
        this.batch,
        context,
        heads,
        kvHeads,
        headDim,
        scale,
        b.scratch,
      );
      this.#linear(kept.middle, kept.mixed, layer.o, h, heads * headDim);
      call.addTo(kept.middle, x, n * h);
      call.norm(kept.normed2, kept.middle, at(layer.norm2), kept.inverse2, n, h);
      this.#linear(kept.gate, kept.normed2, layer.gate, mlp, h);
      this.#linear(kept.up, kept.normed2, layer.up, mlp, h);
      call.swiglu(kept.act, kept.gate, kept.up, n * mlp);
      x = this.#kept[index + 1]?.input ?? b.last;
      this.#linear(x, kept.act, layer.down, h, mlp);
      call.addTo(x, kept.middle, n * h);
    });
    const gain = at(this.#names.get("model.norm.weight") as number);
    call.norm(this.final, b.last, gain, b.inverse, n, h);
    this.#linear(this.logits, this.final, this.#headAt, vocabulary, h);
  }

  /** Gradients of all parameters from d loss / d logits, which stand in `logits`. */
  backward(): void {
    const { call } = this.kernels;
    const { hidden: h, mlp, heads, kvHeads, headDim, context, vocabulary } = this.shape;
    const n = this.tokens;
    const b = this.#b;
    const d = this.#d;
    const at = (offset: number) => this.weights + 4 * offset;
    const grad = (offset: number) => this.gradients + 4 * offset;
    call.fill(this.gradients, this.size, 0);
    this.#linearBack(d.h, this.logits, this.final, this.#headAt, vocabulary, h, 0);
    const last = this.#names.get("model.norm.weight") as number;
    call.fill(d.x, n * h, 0);
    call.normBack(d.x, grad(last), d.h, b.last, at(last), b.inverse, n, h);
    for (let index = this.#layers.length - 1; index >= 0; index--) {
      const layer = this.#layers[index] as Layer;
      const kept = this.#kept[index] as Kept;
      this.#linearBack(d.act, d.x, kept.act, layer.down, h, mlp, 0);
      call.swigluBack(d.act, kept.gate, kept.up, n * mlp);
      this.#linearBack(d.h, kept.gate, kept.normed2, layer.gate, mlp, h, 0);
      this.#linearBack(d.h, kept.up, kept.normed2, layer.up, mlp, h, 1);
      call.normBack(d.x, grad(layer.norm2), d.h, kept.middle, at(layer.norm2), kept.inverse2, n, h);
      this.#linearBack(d.mixed, d.x, kept.mixed, layer.o, h, heads * headDim, 0);
      call.fill(d.k, n * kvHeads * headDim, 0);
      call.fill(d.v, n * kvHeads * headDim, 0);
      const scale = 1 / Math.sqrt(headDim);
      call.attentionBack(
        d.q,
        d.k,
        d.v,
        d.mixed,
        kept.p,
        kept.q,
        kept.k,
        kept.v,
        this.batch,
        context,
        heads,
        kvHeads,
        headDim,
        scale,
        b.ds,
        b.scratch,
      );
      call.rope(d.q, b.cos, b.sin, n, context, heads, headDim, -1);
      call.rope(d.k, b.cos, b.sin, n, context, kvHeads, headDim, -1);
      this.#linearBack(d.h, d.q, kept.normed1, layer.q, heads * headDim, h, 0);
      this.#linearBack(d.h, d.k, kept.normed1, layer.k, kvHeads * headDim, h, 1);
      this.#linearBack(d.h, d.v, kept.normed1, layer.v, kvHeads * headDim, h, 1);
      call.normBack(d.x, grad(layer.norm1), d.h, kept.input, at(layer.norm1), kept.inverse1, n, h);
    }
    call.embedBack(this.gradients, d.x, b.ids, n, h);
  }
}
