import { expect, test } from "vitest";
import { modelOf, tensorsHash } from "@/tests/zoo/model";
import { loadKernels } from "@/tests/zoo/trainer/kernels";
import { baseShape } from "@/tests/zoo/trainer/shape";
import { fixtures, flatParameters, readRecords } from "./checkpoints";
import { type CanaryModel, type CanaryRecipe, canaryRecipes } from "./recipes";
import { teach } from "./teach";

/** The committed weights come from the recipes: the right order holds, since the targets enter the training. */
test.each(Object.keys(canaryRecipes) as CanaryModel[])(
  "%s trained again is the committed one",
  async (name) => {
    const recipe: CanaryRecipe = canaryRecipes[name];
    const { values } = await teach(await loadKernels(), recipe, flatParameters(fixtures, recipe.from));
    const sha256 = tensorsHash(modelOf(baseShape, values, "BF16").tensors, "BF16");
    expect(sha256).toBe(readRecords(fixtures)[name]!.sha256);
  },
);
