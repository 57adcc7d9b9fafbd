import type { MethodInput } from "@/lib/engine/methods/method";

/** The input of one method's run, with defaults for what a test does not care about. */
export function methodInput(
  given: Pick<MethodInput, "original" | "suspect"> & Partial<MethodInput>,
): MethodInput {
  const made = new Map<string, Promise<unknown>>();
  return {
    ancestors: [],
    controls: [],
    parameters: { nonce: "", screened: 1, level: 2 },
    shared<T>(key: string, make: () => Promise<T>): Promise<T> {
      if (!made.has(key)) made.set(key, make());
      return made.get(key) as Promise<T>;
    },
    ...given,
  };
}
