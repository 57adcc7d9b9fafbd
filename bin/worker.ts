/** npm run worker: a worker alone, on the database the others use. */
import { buildIfNeeded } from "@/lib/platform/supervisor/build";
import { workerSpec } from "@/lib/platform/supervisor/child-specs";
import { joinInstance } from "@/lib/platform/supervisor/join-instance";
import { main } from "@/lib/platform/supervisor/main";
import { runAlone } from "@/lib/platform/supervisor/run-alone";

await main(async () => {
  const say = (line: string) => console.log(`slipmark: ${line}`);
  const { env } = await joinInstance();
  await buildIfNeeded({ env, say, parts: "engine" });
  await runAlone(workerSpec(env), say, () => say("worker started"));
  return 0;
});
