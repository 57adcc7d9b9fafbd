/**
 * Process entry of the example Hub: node --import tsx lib/examples/hub/main.ts [--data FOLDER] [--port N] [--upstream URL].
 * `upstream`: where names it does not know are sent. The supervisor gives folder and upstream as SLIPMARK_DATA and
 * SLIPMARK_EXAMPLES_UPSTREAM. A parent with an IPC channel gets { type: "ready", url, witness }; the process ends with
 * its parent, on SIGTERM and on SIGINT.
 */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { exampleLogKeys } from "../witness/log-keys";
import { serveExampleHub } from "./serve-examples";

const { values } = parseArgs({
  options: { data: { type: "string" }, port: { type: "string" }, upstream: { type: "string" } },
});

const hub = await serveExampleHub({
  dataFolder: resolve(values.data ?? process.env.SLIPMARK_DATA ?? "var"),
  ...(values.port ? { port: Number(values.port) } : {}),
  upstream: values.upstream ?? process.env.SLIPMARK_EXAMPLES_UPSTREAM ?? null,
  tell: (line) => console.error(line),
  logKeys: exampleLogKeys,
});

let closing = false;
async function close() {
  if (closing) return;
  closing = true;
  await hub.close();
  process.disconnect?.();
}
for (const signal of ["SIGTERM", "SIGINT", "disconnect"] as const) process.once(signal as "SIGTERM", close);

if (process.send) process.send({ type: "ready", url: hub.url, witness: hub.witness });
else console.log(`example hub: ${hub.url}`);
