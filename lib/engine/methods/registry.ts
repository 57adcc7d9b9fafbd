import { architecture } from "./architecture";
import { code } from "./code";
import { identity } from "./identity";
import { lineage } from "./lineage";
import type { Method } from "./method";
import { tokenizer } from "./tokenizer";
import { weightsAligned } from "./weights-aligned";
import { weightsFingerprint } from "./weights-fingerprint";
import { weightsFull } from "./weights-full";
import { weightsIndependence } from "./weights-independence";
import { weightsInvariant } from "./weights-invariant";

/** Methods by id, in the order in which results list them. A new method is added here and nowhere else. */
export const builtInMethods: ReadonlyMap<string, Method> = registryOf([
  identity,
  architecture,
  tokenizer,
  weightsAligned,
  weightsIndependence,
  weightsInvariant,
  weightsFull,
  weightsFingerprint,
  code,
  lineage,
]);

export function registryOf(methods: readonly Method[]): ReadonlyMap<string, Method> {
  const registry = new Map(methods.map((method) => [method.id, method]));
  if (registry.size !== methods.length) throw new RangeError("Two methods have the same id");
  return registry;
}
