import { isTensorName } from "../safetensors-header";
import { malformed, show } from "../strict-json";
import { PyDict, PyList, PyTensor, PyTuple, type PyValue } from "./pickle-values";

const maxTensors = 1_000_000;
const maxDepth = 32;
/** Keys under which training code keeps the weights beside its own state. */
const wrappers = ["state_dict", "model_state_dict", "model", "module", "net", "params"];

/**
 * The tensors of an unpickled checkpoint by name. Where a known key holds the weights, they are those under it; names
 * of deeper ones are joined by dots. A container is walked once, however often it is referred to.
 */
export function namedTensors(value: PyValue, path: string): Map<string, PyTensor> {
  const found = new Map<string, PyTensor>();
  const seen = new Set<PyValue>();
  const walk = (item: PyValue, name: string, depth: number): void => {
    if (item instanceof PyTensor) {
      if (!isTensorName(name)) throw malformed(path, `tensor ${show(name)} has an unusable name`);
      if (found.has(name)) throw malformed(path, `tensor ${show(name)} stands twice`);
      found.set(name, item);
      if (found.size > maxTensors) throw malformed(path, `holds more than ${maxTensors} tensors`);
      return;
    }
    const children = childrenOf(item);
    if (children === null || seen.has(item)) return;
    if (depth > maxDepth) throw malformed(path, "its pickle nests its tensors too deep");
    seen.add(item);
    for (const [key, child] of children) walk(child, name === "" ? key : `${name}.${key}`, depth + 1);
  };
  walk(unwrapped(value), "", 0);
  return found;
}

function unwrapped(value: PyValue): PyValue {
  if (!(value instanceof PyDict) || hasTensor(value)) return value;
  const inner = wrappers
    .map((key) => value.entries.get(key))
    .find((item) => item instanceof PyDict && hasTensor(item));
  return inner ?? value;
}

function hasTensor({ entries }: PyDict): boolean {
  return [...entries.values()].some((item) => item instanceof PyTensor);
}

function childrenOf(item: PyValue): Iterable<readonly [string, PyValue]> | null {
  if (item instanceof PyDict) return [...item.entries].map(([key, child]) => [String(key), child] as const);
  if (item instanceof PyList || item instanceof PyTuple) {
    return item.items.map((child, i) => [String(i), child] as const);
  }
  return null;
}
