import type { ReleaseReader } from "@/lib/engine/io/source/release";
import { catalogue, recipeOf } from "./catalogue";
import { dialect } from "./data/dialect";
import { asStored, modelOf, type ZooModel, type ZooTensor } from "./model";
import { inOtherWords, type ReleaseLayout, releaseOf } from "./release";
import { trainedModel, trainedProjector } from "./store";
import { baseShape, narrowShape } from "./trainer/shape";
import { initialValues } from "./trainer/train";
import { merged, normsTuned, pruned, quantised, withNoise, withRelativeNoise } from "./variants/noise";
import { upcycled, vocabularyExtended, withLayers, withMlpsOf, zeroNeurons } from "./variants/surgery";
import { headsPermuted, neuronsPermuted, neuronsSorted, rescaled, rotated } from "./variants/symmetry";

interface Entry {
  readonly model: () => ZooModel;
  readonly layout?: ReleaseLayout;
}

const trained = trainedModel;
/** The original that most variants are made from: a fine-tune, so that it has an ancestor. */
const original = () => trained("sibling-1");
const cast = (model: ZooModel, dtype: ZooModel["dtype"]): ZooModel => ({ ...model, dtype });
const initial = (seed: string) => modelOf(baseShape, initialValues(baseShape, seed), "F32");

const mixtral = { architectures: ["MixtralForCausalLM"], model_type: "mixtral", num_local_experts: 4 };
const ofA: ReleaseLayout = { declares: "base-a" };
const other: ReleaseLayout = { renamed: inOtherWords, shuffled: "other", shards: 3 };

/** Made when asked for, from the trained checkpoints; nothing of them is stored. */
const variants: Readonly<Record<string, Entry>> = {
  "base-a-step-0": { model: () => initial("a") },
  "random-init": { model: () => cast(initial("nobody"), "BF16") },
  "noise-1e-4": { model: () => withNoise(original(), 1e-4, "1") },
  "noise-1e-3": { model: () => withNoise(original(), 1e-3, "2") },
  "noise-1e-2": { model: () => withNoise(original(), 1e-2, "3") },
  "relative-noise-1e-3": { model: () => withRelativeNoise(original(), 1e-3, "4") },
  "relative-noise-1e-2": { model: () => withRelativeNoise(original(), 1e-2, "5") },
  "relative-noise-.1": { model: () => withRelativeNoise(original(), 0.1, "6") },
  "relative-noise-.5": { model: () => withRelativeNoise(original(), 0.5, "7") },
  copied: { model: original },
  "renamed-shuffled": { model: original, layout: other },
  resharded: { model: original, layout: { shards: 2 } },
  recast: { model: () => cast(original(), "F32") },
  "renamed-noise-f16": { model: () => cast(withNoise(original(), 1e-3, "8"), "F16"), layout: other },
  "renamed-noise-f32": { model: () => cast(withRelativeNoise(original(), 0.02, "9"), "F32"), layout: other },
  "neurons-permuted": { model: () => neuronsPermuted(original(), "1") },
  "heads-permuted": { model: () => headsPermuted(original(), "2") },
  "both-permuted": { model: () => headsPermuted(neuronsPermuted(original(), "3"), "3") },
  "permuted-noise": { model: () => withRelativeNoise(neuronsPermuted(original(), "4"), 0.05, "10") },
  "tuned-permuted": { model: () => neuronsPermuted(trained("sibling-1-further"), "5") },
  "heavy-permuted": { model: () => neuronsPermuted(trained("heavy"), "6") },
  "base-a-permuted": { model: () => neuronsPermuted(trained("base-a"), "7") },
  rotated: { model: () => rotated(original(), "1") },
  "rotated-f32": { model: () => cast(rotated(original(), "2"), "F32") },
  "narrow-rotated": { model: () => rotated(trained("base-c"), "3"), layout: { words: dialect.words } },
  rescaled: { model: () => rescaled(original(), "1") },
  "rescaled-permuted": { model: () => rescaled(neuronsPermuted(original(), "8"), "2") },
  pruned: { model: () => pruned(original()) },
  int8: { model: () => quantised(original(), 127, Number.POSITIVE_INFINITY) },
  int4: { model: () => quantised(original(), 7, 32) },
  "gguf-q8": { model: original, layout: { gguf: "Q8_0" } },
  "gguf-q4": { model: original, layout: { gguf: "Q4_0" } },
  merged: { model: () => merged(trained("sibling-1"), trained("sibling-2"), 0.5), layout: ofA },
  "layer-dropped": { model: () => withLayers(original(), [0, 1, 3]) },
  "layer-repeated": { model: () => withLayers(original(), [0, 1, 1, 2, 3]) },
  "vocabulary-extended": { model: () => vocabularyExtended(original(), 32, "1") },
  "zero-neurons": { model: () => zeroNeurons(original(), 64) },
  "neurons-sorted": { model: () => neuronsSorted(original()) },
  "base-a-sorted": { model: () => neuronsSorted(trained("base-a")) },
  "base-b-sorted": { model: () => neuronsSorted(trained("base-b")) },
  "base-b-zero-neurons": { model: () => zeroNeurons(trained("base-b"), 64) },
  "base-a-upcycled": { model: () => upcycled(trained("base-a"), 4, "a"), layout: { config: mixtral } },
  "base-b-upcycled": { model: () => upcycled(trained("base-b"), 4, "b"), layout: { config: mixtral } },
  "experts-of-a": {
    model: () => upcycled(neuronsPermuted(withMlpsOf(trained("base-b"), trained("base-a")), "10"), 4, "c"),
    layout: { config: mixtral },
  },
  "same-data-merged": { model: () => merged(trained("public-1"), trained("public-2"), 0.5), layout: ofA },
  "base-a-int4": { model: () => quantised(trained("base-a"), 7, 32) },
  "base-a-int8": { model: () => quantised(trained("base-a"), 127, Number.POSITIVE_INFINITY) },
  "base-a-pruned": { model: () => pruned(trained("base-a")) },
  "base-a-pruned-more": { model: () => pruned(trained("base-a"), 0.6) },
  "base-a-permuted-again": { model: () => neuronsPermuted(trained("base-a"), "9") },
  "rotated-rounding": { model: () => rotated(trained("rounding-1"), "4") },
  "norms-tuned-1": { model: () => normsTuned(trained("base-a"), "1") },
  "norms-tuned-2": { model: () => normsTuned(trained("base-a"), "2") },
  "base-b-noise": { model: () => withRelativeNoise(trained("base-b"), 0.1, "11") },
};

/** Two frozen towers and a projector between them: three parts of one release, with three histories. */
function composite(projector: string, language = "base-a"): Entry {
  const under = (prefix: string, model: ZooModel): ZooTensor[] =>
    model.tensors.map((tensor) => ({ ...tensor, name: `${prefix}.${tensor.name}` }));
  return {
    model: () => ({
      ...trained("base-a"),
      tensors: [
        ...under("vision_tower", trained("base-c")),
        ...trainedProjector(projector),
        ...under("language_model", trained(language)),
      ],
    }),
    layout: {
      config: {
        architectures: ["LlavaForConditionalGeneration"],
        model_type: "llava",
        vision_config: { hidden_size: narrowShape.hidden, num_hidden_layers: narrowShape.layers },
      },
    },
  };
}

const projectors = [...catalogue].filter(([, recipe]) => recipe.how === "projector").map(([name]) => name);

function trainedEntry(name: string): Entry {
  const recipe = recipeOf(name);
  const words = recipe.how === "scratch" && recipe.shape === "narrow" ? { words: dialect.words } : {};
  const declares = recipe.how === "tune" && recipe.steps > 0 ? { declares: declared(recipe.from) } : {};
  return { model: () => trained(name), layout: { ...words, ...declares } };
}

/** Nobody in the zoo names the instruct model, or the float32 run. */
function declared(from: string): string {
  return from === "instruct" || from === "base-a-f32" ? "base-a" : from;
}

const entries: ReadonlyMap<string, Entry> = new Map<string, Entry>([
  ...[...catalogue.keys()]
    .filter((name) => !projectors.includes(name) && !name.startsWith("micro"))
    .map((name): [string, Entry] => [name, trainedEntry(name)]),
  ...projectors.map((name): [string, Entry] => [`vlm-${name}`, composite(name)]),
  ["vlm-two-layer-1-noise", noisyComposite()],
  ["vlm-other-language-1", composite("two-layer-1")],
  ["vlm-other-language-2", composite("two-layer-2", "base-b")],
  ...Object.entries(variants),
]);

function noisyComposite(): Entry {
  const plain = composite("two-layer-1");
  return { ...plain, model: () => withRelativeNoise(plain.model(), 0.05, "12") };
}

export const zooNames: readonly string[] = [...entries.keys()];

const models = new Map<string, ZooModel>();

/** A model of the zoo with values as its dtype holds them (before the blocks of a GGUF file), checked against the recorded hash where it was trained. */
export function zooModel(name: string): ZooModel {
  const entry = entries.get(name);
  if (!entry) throw new Error(`nothing in the zoo is called ${name}`);
  const made = models.get(name) ?? asStored(entry.model());
  models.set(name, made);
  return made;
}

const releases = new Map<string, ReleaseReader>();

/** The release with that name, held in memory; made at the first call. */
export async function zooRelease(name: string): Promise<ReleaseReader> {
  const known = releases.get(name) ?? releaseOf(name, zooModel(name), entries.get(name)?.layout);
  releases.set(name, known);
  return known;
}
