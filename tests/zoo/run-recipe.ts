import { roundedToBf16 } from "./bits";
import {
  type Distil,
  type Projector,
  projectorShape,
  type Recipe,
  recipeOf,
  type Scratch,
  shapeOf,
  type Tune,
} from "./catalogue";
import { batchOrder, type CorpusKind, corpusWindows } from "./data/corpus";
import { inDialect } from "./data/dialect";
import { storable } from "./packed";
import { dtypeOf, readFlat } from "./store";
import type { Kernels } from "./trainer/kernels";
import { projectorStart, trainProjector } from "./trainer/projector";
import { baseShape, narrowShape, type Shape } from "./trainer/shape";
import { initialValues, type Trained, type TrainingPlan, train } from "./trainer/train";
import { Transformer } from "./trainer/transformer";

const batch = 8;

/** Trains one checkpoint of the catalogue; what it starts from is read from `folder`. Rounded as it will be stored. */
export function runRecipe(kernels: Kernels, name: string, folder: string): Trained {
  const recipe = recipeOf(name);
  const trained = trainedBy(kernels, recipe, folder);
  const wide = dtypeOf(recipe) === "F32";
  return { ...trained, values: wide ? storable(trained.values) : roundedToBf16(trained.values) };
}

function trainedBy(kernels: Kernels, recipe: Recipe, folder: string): Trained {
  if (recipe.how === "projector") return projected(kernels, recipe, folder);
  if (recipe.how === "scratch") return trainFromScratch(kernels, recipe);
  if (recipe.how === "distil") {
    const teacher = { shape: shapeOf(recipeOf(recipe.teacher)), values: readFlat(folder, recipe.teacher) };
    return train(kernels, { ...scratchPlan(recipe, baseShape), teacher });
  }
  const start = readFlat(folder, recipe.from);
  if (recipe.steps === 0) return { values: start, firstLoss: 0, lastLoss: 0 };
  const shape = shapeOf(recipe);
  return train(kernels, {
    ...recipe,
    shape,
    start,
    batch,
    warmup: 20,
    weightDecay: 0.01,
    next: batches(recipe, 1500, shape),
  });
}

/** A base, from its random initialisation on. */
export function trainFromScratch(kernels: Kernels, recipe: Scratch): Trained {
  return train(kernels, scratchPlan(recipe, shapeOf(recipe)));
}

function scratchPlan(recipe: Scratch | Distil, shape: Shape): TrainingPlan {
  const { steps, rate, seed } = recipe;
  const next = batches(recipe, shape.layers < 4 ? 1500 : 8000, shape);
  return { shape, start: initialValues(shape, seed), steps, batch, rate, warmup: 60, weightDecay: 0.1, next };
}

function batches({ corpus, order }: Scratch | Distil | Tune, windows: number, shape: Shape) {
  return batchOrder(windowsFor(corpus, windows, shape), batch, `${corpus.name} ${order}`);
}

function windowsFor(corpus: CorpusKind, count: number, shape: Shape): Int32Array[] {
  const windows = corpusWindows(corpus, count, shape.context + 1);
  return shape.hidden === narrowShape.hidden ? windows.map(inDialect) : windows;
}

/** The frozen towers' outputs on the same text, row by row. */
function projected(kernels: Kernels, recipe: Projector, folder: string): Trained {
  const shape = projectorShape(recipe);
  const from = outputs(kernels, "base-c", recipe.corpus, folder);
  const to = outputs(kernels, "base-a", recipe.corpus, folder);
  const start =
    recipe.from === undefined ? projectorStart(shape, recipe.seed) : readFlat(folder, recipe.from);
  const { steps, rate } = recipe;
  return trainProjector(kernels, {
    shape,
    start,
    steps,
    rate,
    seed: `${recipe.seed} ${recipe.corpus.name}`,
    from,
    to,
  });
}

function outputs(kernels: Kernels, tower: string, corpus: CorpusKind, folder: string): Float32Array {
  kernels.reset();
  const shape = shapeOf(recipeOf(tower));
  const model = new Transformer(kernels, shape, batch);
  model.values().set(readFlat(folder, tower));
  const windows = windowsFor(corpus, 256, shape);
  const size = model.tokens * shape.hidden;
  const all = new Float32Array((windows.length / batch) * size);
  for (let i = 0; i < windows.length; i += batch) {
    const ids = windows.slice(i, i + batch).flatMap((window) => [...window.subarray(0, shape.context)]);
    model.forward(Int32Array.from(ids));
    all.set(kernels.view(model.final, size), (i / batch) * size);
  }
  return all;
}
