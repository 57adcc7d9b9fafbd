import { builtInMethods } from "../lib/engine/methods/registry";
import type { CompareParameters } from "../lib/engine/result/document";
import { UsageError } from "./usage";

// Scored by a command of its own, in a later version.
const methodsToCome = new Set(["canary"]);

/** --methods, --level, --nonce and --screened, judged. Throws UsageError. */
export function parametersFrom(options: {
  readonly methods?: string | undefined;
  readonly level?: string | undefined;
  readonly nonce?: string | undefined;
  readonly screened?: string | undefined;
  readonly "ancestors-closed"?: boolean | undefined;
}): CompareParameters {
  return {
    ...(options["ancestors-closed"] ? { ancestorsClosed: true } : {}),
    methods: methodsFrom(options.methods),
    nonce: nonceFrom(options.nonce ?? ""),
    screened: screenedFrom(options.screened ?? "1"),
    level: levelFrom(options.level ?? "2"),
  };
}

function methodsFrom(text: string | undefined): string[] {
  const available = [...builtInMethods.keys()] as string[];
  if (text === undefined) return available;
  const named = text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  if (named.length === 0) throw new UsageError("--methods names no method");
  for (const name of named) {
    if (methodsToCome.has(name)) throw new UsageError(`The method "${name}" is not in this version`);
    if (membersOf(name, available).length === 0) {
      throw new UsageError(`There is no method "${name}"; there are ${available.join(", ")}`);
    }
  }
  return [...new Set(named.flatMap((name) => membersOf(name, available)))];
}

/** "weights" names the whole family weights/…. */
function membersOf(name: string, available: readonly string[]): string[] {
  return available.filter((id) => id === name || id.startsWith(`${name}/`));
}

function levelFrom(text: string): 1 | 2 | 3 {
  const level = Number(text);
  if (level === 1 || level === 2 || level === 3) return level;
  throw new UsageError("--level must be 1, 2 or 3");
}

function nonceFrom(text: string): string {
  if (/^(?:[0-9a-fA-F]{2}){0,64}$/.test(text)) return text.toLowerCase();
  throw new UsageError("--nonce must be at most 64 bytes in hexadecimal");
}

function screenedFrom(text: string): number {
  if (/^[1-9]\d{0,11}$/.test(text)) return Number(text);
  throw new UsageError("--screened must be a whole number from 1 on");
}
