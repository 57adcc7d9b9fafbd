import { expect, test } from "vitest";
import { testDatabase } from "@/tests/support/database";
import { killSequencers } from "@/tests/support/kill-sequencers";

const { url } = await testDatabase();

test("thirty sequencers killed with -9 under load: nothing is lost, nothing twice, every checkpoint fits every other", async () => {
  const { size } = await killSequencers(url, 30);
  expect(size).toBeGreaterThan(200);
  // Each kill starts a process anew: half a minute on a machine that does much else.
}, 1_800_000);
