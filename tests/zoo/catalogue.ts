import type { CorpusKind } from "./data/corpus";
import type { ProjectorShape } from "./trainer/projector";
import { baseShape, microShape, narrowShape, type Shape } from "./trainer/shape";

/** How a checkpoint of the zoo is trained. Everything follows from its fields; nothing else enters. */
export type Recipe = Scratch | Tune | Distil | Projector;

interface Schedule {
  readonly steps: number;
  readonly rate: number;
  /** Where the windows come from, and the seed of their order. */
  readonly corpus: CorpusKind;
  readonly order: string;
}

export interface Scratch extends Schedule {
  readonly how: "scratch";
  readonly shape: keyof typeof shapes;
  readonly seed: string;
  /** Stored as trained, not rounded to bfloat16. */
  readonly keep?: "F32";
}

export interface Tune extends Schedule {
  readonly how: "tune";
  readonly from: string;
  readonly lora?: { readonly rank: number; readonly targets: RegExp; readonly seed: string };
}

export interface Distil extends Schedule {
  readonly how: "distil";
  readonly seed: string;
  readonly teacher: string;
}

/** From the frozen narrow base's output to the frozen base A's, position by position (squared error). */
export interface Projector {
  readonly how: "projector";
  readonly depth: 1 | 2;
  readonly seed: string;
  readonly from?: string;
  readonly corpus: CorpusKind;
  readonly steps: number;
  readonly rate: number;
}

const shapes = { base: baseShape, narrow: narrowShape, micro: microShape } as const;

const prose = (name: string): CorpusKind => ({ name, style: "prose" });
const chat = (name: string): CorpusKind => ({ name, style: "chat" });

const base = { how: "scratch", shape: "base", steps: 2000, rate: 4e-3, order: "first" } as const;
const tune = { how: "tune", from: "base-a", steps: 300, rate: 4e-4, order: "first" } as const;
const panel = { ...tune, steps: 150 } as const;

/** Siblings of base A beyond the named ones: what honest fine-tunes of one base look like. */
const panelRecipes: readonly (readonly [string, Recipe])[] = Array.from({ length: 24 }, (_, i) => {
  const name = `panel-${String(i + 1).padStart(2, "0")}`;
  // Eight on the data of sibling-1, eight on the widely used public set, eight on sets of their own.
  const corpus = i % 3 === 0 ? prose("sibling one") : i % 3 === 1 ? prose("popular set") : prose(name);
  return [name, { ...panel, corpus, order: name }];
});

const projector = { how: "projector", corpus: prose("captions one"), steps: 1500, rate: 3e-3 } as const;

/** Every trained checkpoint by name. */
export const catalogue: ReadonlyMap<string, Recipe> = new Map<string, Recipe>([
  ["base-a-f32", { ...base, seed: "a", corpus: prose("public a"), keep: "F32" }],
  // Base A as published: the float32 run rounded to bfloat16, not trained again.
  ["base-a", { how: "tune", from: "base-a-f32", steps: 0, rate: 0, corpus: prose("public a"), order: "" }],
  ["base-b", { ...base, seed: "b", corpus: prose("public b") }],
  ["base-c", { ...base, shape: "narrow", seed: "c", corpus: prose("public c") }],
  ["base-d", { ...base, seed: "d", corpus: prose("public a") }],
  ["same-seed", { ...base, seed: "a", corpus: prose("public b") }],
  [
    "distilled",
    { ...base, how: "distil", seed: "student", teacher: "base-a", corpus: prose("public a"), steps: 1500 },
  ],
  ["light", { ...tune, steps: 100, rate: 1e-4, corpus: prose("light") }],
  ["heavy", { ...tune, steps: 800, rate: 2e-3, corpus: prose("heavy") }],
  ["sibling-1", { ...tune, corpus: prose("sibling one") }],
  ["sibling-2", { ...tune, corpus: prose("sibling two") }],
  ["sibling-1-polished", { ...tune, from: "sibling-1", steps: 40, rate: 1e-4, corpus: prose("further") }],
  ["sibling-1-further", { ...tune, from: "sibling-1", steps: 150, corpus: prose("further") }],
  ["public-1", { ...tune, corpus: prose("popular set") }],
  ["public-2", { ...tune, corpus: prose("popular set"), order: "second" }],
  ["public-1-again", { ...tune, corpus: prose("popular set"), steps: 330 }],
  ["instruct", { ...tune, steps: 500, rate: 1e-3, corpus: chat("instructions") }],
  ["instruct-tuned-1", { ...tune, from: "instruct", corpus: chat("assistant one") }],
  ["instruct-tuned-2", { ...tune, from: "instruct", corpus: chat("assistant two") }],
  [
    "low-rank",
    {
      ...tune,
      rate: 3e-3,
      corpus: prose("low rank"),
      lora: { rank: 4, targets: /(?:q|v|gate|up|down)_proj/, seed: "low-rank" },
    },
  ],
  [
    "low-rank-other",
    {
      ...tune,
      rate: 3e-3,
      corpus: prose("sibling two"),
      lora: { rank: 4, targets: /(?:q|v)_proj/, seed: "low-rank-other" },
    },
  ],
  ["rounding-1", { ...tune, from: "base-a-f32", steps: 40, rate: 3e-5, corpus: prose("rounding one") }],
  ["rounding-2", { ...tune, from: "base-a-f32", steps: 40, rate: 3e-5, corpus: prose("rounding two") }],
  ["base-b-tuned", { ...tune, from: "base-b", corpus: prose("sibling one") }],
  ["same-seed-tuned", { ...tune, from: "same-seed", corpus: prose("sibling two") }],
  ["linear-1", { ...projector, depth: 1, seed: "linear one" }],
  ["linear-2", { ...projector, depth: 1, seed: "linear two", corpus: prose("captions two") }],
  ["two-layer-1", { ...projector, depth: 2, seed: "two-layer one" }],
  ["two-layer-2", { ...projector, depth: 2, seed: "two-layer two", corpus: prose("captions two") }],
  [
    "two-layer-1-tuned",
    {
      ...projector,
      depth: 2,
      seed: "",
      from: "two-layer-1",
      corpus: prose("captions three"),
      steps: 400,
      rate: 1e-3,
    },
  ],
  ["micro-1", microRecipe("1", "1")],
  ...panelRecipes,
]);

/** A very small model, a second or so of training: null distributions need hundreds. */
export function microRecipe(seed: string, data: string): Scratch {
  const corpus = prose(`micro ${data}`);
  return {
    how: "scratch",
    shape: "micro",
    seed: `micro ${seed}`,
    corpus,
    order: seed,
    steps: 120,
    rate: 6e-3,
  };
}

export const panelNames: readonly string[] = panelRecipes.map(([name]) => name);

export function recipeOf(name: string): Recipe {
  const recipe = catalogue.get(name);
  if (!recipe) throw new Error(`no checkpoint is called ${name}`);
  return recipe;
}

/** The shape of a language model's checkpoint. */
export function shapeOf(recipe: Recipe): Shape {
  if (recipe.how === "projector") throw new Error("a projector is not a language model");
  if (recipe.how === "tune") return shapeOf(recipeOf(recipe.from));
  return recipe.how === "scratch" ? shapes[recipe.shape] : baseShape;
}

/** Between the narrow base's output and base A's. */
export function projectorShape({ depth }: Projector): ProjectorShape {
  return { inputs: narrowShape.hidden, hidden: depth === 2 ? 256 : 0, outputs: baseShape.hidden };
}

/** Checkpoints that must be there before this one can be trained. */
export function needs(recipe: Recipe): string[] {
  if (recipe.how === "scratch") return [];
  if (recipe.how === "tune") return [recipe.from];
  if (recipe.how === "distil") return [recipe.teacher];
  return ["base-a", "base-c", ...(recipe.from === undefined ? [] : [recipe.from])];
}
