import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** Where the run's built copy of the checkout stands, once a test has asked for it. */
    buildPlace: string;
  }
}

/** vitest globalSetup: a place for one built copy. SLIPMARK_TEST_BUILD names one that is kept, for repeated runs. */
export default async function makeBuildPlace(project: TestProject): Promise<() => Promise<void>> {
  const kept = process.env.SLIPMARK_TEST_BUILD;
  const place = kept ?? (await mkdtemp(join(tmpdir(), "slipmark-built-")));
  project.provide("buildPlace", place);
  return async () => {
    if (kept === undefined) await rm(place, { recursive: true, force: true });
  };
}
