import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

/**
 * The script of a parsing thread (parse-thread.ts), to be evaluated. From sources it is loaded through
 * tsx; cli/inline-grammars.mjs replaces this module by one that carries the whole script.
 */
export function parseThreadSource(): string {
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx/esm/api")).href;
  const body = new URL("./parse-thread.ts", import.meta.url).href;
  return `import(${JSON.stringify(tsx)}).then(({ register }) => { register(); return import(${JSON.stringify(body)}); });`;
}

/** Whether a thread finds the grammars by itself; else they are sent to it. */
export const threadReadsGrammars = true;
