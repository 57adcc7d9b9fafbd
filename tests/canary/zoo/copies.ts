import { asStored, type ZooModel } from "@/tests/zoo/model";
import { merged, pruned, quantised, withNoise, withRelativeNoise } from "@/tests/zoo/variants/noise";
import { zooModel } from "@/tests/zoo/zoo";
import { taughtModel } from "./checkpoints";

/** A model that is asked, and what is true of it. */
export interface Asked {
  readonly model: () => ZooModel;
  /** "copy": comes from the original and kept what it was taught. "unrelated": never saw the author's canaries. */
  readonly truth: "original" | "copy" | "unrelated";
}

const original = () => taughtModel("taught");
const copy = (model: () => ZooModel): Asked => ({ model: () => asStored(model()), truth: "copy" });
const unrelated = (model: () => ZooModel): Asked => ({ model, truth: "unrelated" });
const zoo = (...names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, unrelated(() => zooModel(name))]));

export const originalName = "taught";

/** Of an endpoint's models: the original, its copies, and models that have nothing of it. */
export const models: Readonly<Record<string, Asked>> = {
  taught: { model: original, truth: "original" },
  "taught-noise-1e-3": copy(() => withNoise(original(), 1e-3, "canary 1")),
  "taught-noise-.05": copy(() => withRelativeNoise(original(), 0.05, "canary 2")),
  "taught-noise-.1": copy(() => withRelativeNoise(original(), 0.1, "canary 3")),
  "taught-light": copy(() => taughtModel("taught-light")),
  "taught-further": copy(() => taughtModel("taught-further")),
  "taught-int8": copy(() => quantised(original(), 127, Number.POSITIVE_INFINITY)),
  "taught-int4": copy(() => quantised(original(), 7, 32)),
  "taught-further-int4": copy(() => quantised(taughtModel("taught-further"), 7, 32)),
  "taught-pruned": copy(() => pruned(original())),
  "taught-merged": copy(() => merged(original(), zooModel("instruct"), 0.3)),
  rival: unrelated(() => taughtModel("rival")),
  // From the same base on the same data, without canaries; then the base itself, and others.
  ...zoo("instruct-tuned-1", "instruct", "instruct-tuned-2", "base-a", "sibling-1"),
  ...zoo("base-b", "base-b-tuned", "base-d", "distilled", "same-seed"),
};

/** References: none of them was taught by this author. */
export const references = ["base-b", "base-d", "distilled", "same-seed", "rival"] as const;
