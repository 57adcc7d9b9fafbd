/**
 * Process entry of the example Hub. SLIPMARK_DATA: the data folder (./var). SLIPMARK_EXAMPLES_PORT: a fixed port.
 * SLIPMARK_EXAMPLES_UPSTREAM: where names it does not know are sent. A parent with an IPC channel gets
 * { type: "ready", url }; the process ends with its parent, on SIGTERM and on SIGINT.
 */
import { resolve } from "node:path";
import { serveExampleHub } from "./serve-examples";

const { SLIPMARK_DATA, SLIPMARK_EXAMPLES_PORT, SLIPMARK_EXAMPLES_UPSTREAM } = process.env;

const hub = await serveExampleHub({
  dataFolder: resolve(SLIPMARK_DATA || "var"),
  ...(SLIPMARK_EXAMPLES_PORT ? { port: Number(SLIPMARK_EXAMPLES_PORT) } : {}),
  upstream: SLIPMARK_EXAMPLES_UPSTREAM || null,
  tell: (line) => console.error(line),
});

let closing = false;
async function close() {
  if (closing) return;
  closing = true;
  await hub.close();
  process.disconnect?.();
}
for (const signal of ["SIGTERM", "SIGINT", "disconnect"] as const) process.once(signal as "SIGTERM", close);

if (process.send) process.send({ type: "ready", url: hub.url });
else console.log(`example hub: ${hub.url}`);
