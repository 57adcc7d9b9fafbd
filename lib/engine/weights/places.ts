import { groupOf } from "../methods/architecture/roles";
import type { TensorGroup } from "../result/document";
import { nameParts } from "./name-parts";
import type { TensorPlace, TensorRole } from "./release-weights";
import { roleOfWords } from "./role-words";

/** Words that end like a weight but say that the tensor is no weight: scales of quantisers, buffers, statistics. */
const beside =
  /(?:^|[._])(?:qweight|qzeros|scales|g_idx|scale_inv|weight_scale|input_scale|absmax|quant_map|quant_state|inv_freq|position_ids|running_mean|running_var|num_batches_tracked|rotary_emb|masked_bias|SCB)(?:$|[._])/;
const bareBias = /(?:^|[._])bias$|_bias$/;

/** The place of a tensor by its name alone; "other" where the words say nothing. `rank`: number of its dimensions. */
export function placeOf(name: string, rank: number): TensorPlace {
  const parts = nameParts(name);
  const named = groupNamed(name);
  const inProjector = named === "projector";
  // The parts of a small sequential projector are numbered, but they are no layers.
  const sequential = inProjector && parts.layer !== null && parts.words.length === 0;
  const words = sequential ? [String(parts.layer)] : parts.words;
  const where = inProjector ? "projector" : parts.layer === null ? "outside" : "layer";
  // A fused parameter without a word of its own: "in_proj_bias".
  const parameter = parts.parameter ?? (bareBias.test(words.at(-1) ?? "") ? "bias" : "weight");
  const role = beside.test(name) ? "other" : fitting(roleOfWords(words, where), rank, parameter);
  const stack = sequential || (inProjector && parts.layer === null) ? prefixOf(name) : parts.stack;
  return {
    role,
    parameter,
    stack: stack === null ? null : stack + suffixOf(words),
    layer: sequential ? null : parts.layer,
    expert: parts.expert,
    group: groupFor(inProjector ? "projector" : named, role, parts.layer !== null),
  };
}

/** GGUF's names of towers and projectors are too short to be words elsewhere. */
function groupNamed(name: string): TensorGroup {
  if (/^v\.(?:blk|patch_embd|position_embd|class_embd|pre_ln|post_ln)\b/.test(name)) return "vision-tower";
  return /^mm\./.test(name) ? "projector" : groupOf(name);
}

/** Names do not decide against shapes: a role of matrices is none for a vector, a kernel with taps is a convolution. */
function fitting(role: TensorRole, rank: number, parameter: "weight" | "bias"): TensorRole {
  if (parameter === "bias") return role;
  if (role.startsWith("norm")) return rank <= 1 ? role : "other";
  if (rank === 0) return "other";
  if (rank >= 3 && role === "other") return "convolution";
  if (role === "other" || role === "convolution") return rank >= 2 ? role : "other";
  return rank >= 2 || role === "position" ? role : "other";
}

/**
 * Cross attention and shared experts have the same words as their layer's own; a stack of their own keeps every place
 * of a release distinct.
 */
function suffixOf(words: readonly string[]): string {
  const path = words.join(".");
  if (/encoder_attn|crossattention|EncDecAttention|cross_attn/.test(path)) return "#cross";
  return /shared_experts?|shexp/.test(path) ? "#shared" : "";
}

function prefixOf(name: string): string {
  const segments = name.split(".");
  return segments.slice(0, Math.max(1, segments.length - 2)).join(".");
}

/** Words of converted files that the groups of the name do not know. */
function groupFor(named: TensorGroup, role: TensorRole, inLayer: boolean): TensorGroup {
  if (named === "vision-tower" || named === "projector") return named;
  if (role === "embedding") return "embeddings";
  if (role === "head") return "head";
  return named === "other" && (inLayer || role === "norm-final") && role !== "other"
    ? "language-model"
    : named;
}
