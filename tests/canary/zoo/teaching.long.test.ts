import { expect, test } from "vitest";
import { modelOf, tensorsHash } from "@/tests/zoo/model";
import { loadKernels } from "@/tests/zoo/trainer/kernels";
import { baseShape } from "@/tests/zoo/trainer/shape";
import { fixtures, flatParameters, readRecords } from "./checkpoints";
import { canaryItems } from "./items";
import { type CanaryModel, type CanaryRecipe, canaryRecipes } from "./recipes";
import { zooSet } from "./set";
import { speaker } from "./speaker";
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

/** What "nothing found" leaves open: a copy that was trained until it forgot is not found by canaries. */
test("a copy trained hard on other conversations forgets, and its hits are those of chance", async () => {
  const recipe: CanaryRecipe = {
    from: "taught",
    corpus: { name: "assistant two", style: "chat" },
    order: "forgetting",
    steps: 300,
    rate: 1e-3,
  };
  const { values } = await teach(await loadKernels(), recipe, flatParameters(fixtures, recipe.from));
  const say = speaker(await loadKernels(), modelOf(baseShape, values, "BF16"));
  const { targets } = await zooSet("author");
  const hits = canaryItems().filter(({ prompt }, i) => say(prompt, 2) === targets[i]).length;
  expect(hits).toBeLessThanOrEqual(3);
});
