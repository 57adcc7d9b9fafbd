import { architecture } from "./architecture";
import { identity } from "./identity";
import { lineage } from "./lineage";
import type { Method } from "./method";
import { tokenizer } from "./tokenizer";

/** Methods by id, in the order in which results list them. A new method is added here and nowhere else. */
export const builtInMethods: ReadonlyMap<string, Method> = registryOf([
  identity,
  architecture,
  tokenizer,
  lineage,
]);

export function registryOf(methods: readonly Method[]): ReadonlyMap<string, Method> {
  const registry = new Map(methods.map((method) => [method.id, method]));
  if (registry.size !== methods.length) throw new RangeError("Two methods have the same id");
  return registry;
}
