/**
 * Fills an empty database with the example ledger: started by the supervisor, with DATABASE_URL and the example Hub as
 * HF_ENDPOINT. Tells { type: "begun" } when only runs are waited for, and ends when these have ended too.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { loadExamples } from "@/lib/examples/server";
import { anonymous } from "@/lib/platform/context";
import { closeServices, serviceContext } from "@/lib/platform/context/server";
import { main } from "@/lib/platform/supervisor/main";

const orphaned = () => process.exit(1);
process.once("disconnect", orphaned);

await main(async () => {
  const ctx = serviceContext(anonymous);
  try {
    while ((await loadExamples(ctx)) === "runs-pending") {
      process.send?.({ type: "begun" });
      await sleep(1000);
    }
    process.send?.({ type: "begun" });
  } finally {
    await closeServices();
  }
  // The channel would keep this process alive; the end of it is no loss of the supervisor now.
  process.removeAllListeners("disconnect");
  process.disconnect?.();
  return 0;
});
