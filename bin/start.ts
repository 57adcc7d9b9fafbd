/** npm start, npm run dev: database, site and worker on this machine. */
import { env } from "@/lib/platform/env";
import { main } from "@/lib/platform/supervisor/main";
import { runInstance } from "@/lib/platform/supervisor/run-instance";
import { instanceHooks } from "./instance-hooks";

await main(async () => {
  const development = process.argv.includes("--dev");
  Object.assign(process.env, { NODE_ENV: development ? "development" : "production" });
  const settings = env();
  const endpointChosen = (process.env.HF_ENDPOINT ?? "") !== "";
  await runInstance({
    settings,
    development,
    endpointChosen,
    hooks: instanceHooks(settings, endpointChosen),
    say: (line) => console.log(`slipmark: ${line}`),
  });
  return 0;
});
