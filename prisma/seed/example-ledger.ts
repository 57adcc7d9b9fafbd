/**
 * Fills an empty database with the example ledger and sees its runs to their end: the supervisor starts it once site and
 * worker are up, with DATABASE_URL and with HF_ENDPOINT at the example Hub. Says on its last line what it did.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { loadExamples } from "@/lib/examples/server";
import { anonymous } from "@/lib/platform/context";
import { closeServices, serviceContext } from "@/lib/platform/context/server";

const patienceMs = 10 * 60_000;

try {
  const until = Date.now() + patienceMs;
  let state = await loadExamples(serviceContext(anonymous));
  while (state === "runs-pending" && Date.now() < until) {
    await sleep(1000);
    state = await loadExamples(serviceContext(anonymous));
  }
  console.log(`example ledger: ${state}`);
} finally {
  await closeServices();
}
