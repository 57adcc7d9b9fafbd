import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { modelOf, tensorsHash } from "@/tests/zoo/model";
import { packed } from "@/tests/zoo/packed";
import { loadKernels } from "@/tests/zoo/trainer/kernels";
import { baseShape } from "@/tests/zoo/trainer/shape";
import { freshAnswers } from "./answers";
import { type CanaryRecord, fixtures, flatParameters } from "./checkpoints";
import { type CanaryModel, type CanaryRecipe, canaryRecipes } from "./recipes";
import { teach } from "./teach";

/**
 * npm run canary:zoo [-- --out FOLDER] [--answers]: trains the models with canaries from the zoo's, writes them with
 * their records to tests/fixtures/canary/zoo and asks them all; --answers asks the committed ones without training.
 * The same hashes and answers come out on every machine.
 */
const { values } = parseArgs({
  options: { out: { type: "string", default: fixtures }, answers: { type: "boolean", default: false } },
});
const folder = resolve(values.out);
mkdirSync(folder, { recursive: true });
if (!values.answers) await trainAll();
if (values.answers || folder === fixtures)
  writeFileSync(join(folder, "answers.json"), `${JSON.stringify(await freshAnswers())}\n`);

async function trainAll(): Promise<void> {
  const kernels = await loadKernels();
  const records: Record<string, CanaryRecord> = {};
  for (const name of Object.keys(canaryRecipes) as CanaryModel[]) {
    const before = performance.now();
    const recipe: CanaryRecipe = canaryRecipes[name];
    const start = flatParameters(folder, recipe.from);
    const { values: flat, firstLoss, lastLoss } = await teach(kernels, recipe, start);
    writeFileSync(join(folder, `${name}.br`), packed(flat, start, false));
    const sha256 = tensorsHash(modelOf(baseShape, flat, "BF16").tensors, "BF16");
    records[name] = { sha256, firstLoss: rounded(firstLoss), lastLoss: rounded(lastLoss) };
    writeFileSync(join(folder, "records.json"), `${JSON.stringify(records, null, 2)}\n`);
    const seconds = ((performance.now() - before) / 1000).toFixed(1);
    const { size } = statSync(join(folder, `${name}.br`));
    console.log(
      `${name}: loss ${firstLoss} -> ${lastLoss}, ${seconds} s, ${size} bytes, ${sha256.slice(0, 16)}`,
    );
  }
}

function rounded(loss: number): number {
  return Math.round(loss * 10000) / 10000;
}
