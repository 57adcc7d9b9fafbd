import type { CodePlace } from "@/lib/engine/methods/code/schema";

export function placeText({ path, function: name, startLine, endLine }: CodePlace): string {
  return `${path}:${startLine}–${endLine}${name === null ? "" : ` ${name}`}`;
}
