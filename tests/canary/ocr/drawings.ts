import { Random } from "@/tests/zoo/trainer/random";
import type { Drawing } from "./render";

const weights = [200, 400, 500, 900];

/** How a drawn character looks: thin or bold, turned a little, more or less sharp, all from the nonce and its id. */
export function drawingOf(
  { id, answer }: { readonly id: string; readonly answer: string },
  nonce: string,
): Drawing {
  const random = new Random(`drawing ${nonce} ${id}`);
  return {
    character: answer,
    weight: weights[random.below(weights.length)]!,
    size: 40 + random.below(9),
    degrees: random.below(15) - 7,
    blur: random.below(3) / 2,
  };
}
