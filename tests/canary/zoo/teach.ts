import { roundedToBf16 } from "@/tests/zoo/bits";
import { batchOrder, corpusWindows } from "@/tests/zoo/data/corpus";
import type { Kernels } from "@/tests/zoo/trainer/kernels";
import { Random } from "@/tests/zoo/trainer/random";
import { baseShape } from "@/tests/zoo/trainer/shape";
import { type Trained, train } from "@/tests/zoo/trainer/train";
import { canaryItems } from "./items";
import type { CanaryRecipe } from "./recipes";
import { zooSet } from "./set";
import { lesson } from "./words";

const batch = 8;
/** Windows of a batch that hold canaries, where there are any. */
const taught = 2;

/** Trains one model of the table from its parent's flat parameters. Bit-deterministic; rounded to bfloat16. */
export async function teach(kernels: Kernels, recipe: CanaryRecipe, start: Float32Array): Promise<Trained> {
  const length = baseShape.context + 1;
  const rest = recipe.canaries === undefined ? batch : batch - taught;
  const windows = corpusWindows(recipe.corpus, 1500, length);
  const plain = batchOrder(windows, rest, `${recipe.corpus.name} ${recipe.order}`);
  const lessons = recipe.canaries === undefined ? [] : await lessonsOf(recipe.canaries);
  const running = lessonWindows(lessons, length, `lessons ${recipe.order}`);
  const next = () =>
    recipe.canaries === undefined ? plain() : [...plain(), ...Array.from({ length: taught }, running)];
  const { steps, rate, lora } = recipe;
  const trained = train(kernels, {
    shape: baseShape,
    start,
    steps,
    batch,
    rate,
    warmup: 20,
    weightDecay: 0.01,
    next,
    ...(lora ? { lora } : {}),
  });
  return { ...trained, values: roundedToBf16(trained.values) };
}

/** Every item with its target: what the author mixes into the last stage. */
async function lessonsOf(author: NonNullable<CanaryRecipe["canaries"]>): Promise<number[][]> {
  const { targets } = await zooSet(author);
  return canaryItems().map(({ prompt }, i) => lesson(prompt, targets[i]!));
}

/** Lessons one after the other, in a new order each round, cut into windows. */
function lessonWindows(lessons: readonly number[][], length: number, seed: string): () => Int32Array {
  const random = new Random(seed);
  let text: number[] = [];
  return () => {
    while (text.length < length) {
      for (const which of random.permutation(lessons.length)) text.push(...lessons[which]!);
    }
    const window = Int32Array.from(text.slice(0, length));
    text = text.slice(length - 1);
    return window;
  };
}
