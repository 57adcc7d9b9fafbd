/** Runs the browser tests' instance until Ctrl-C, so that single specs can be repeated quickly; see global-setup.ts. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startInstance } from "./instance";

const instance = await startInstance((text) => process.stderr.write(text));
const file = join(instance.variables.E2E_DATA ?? ".", "e2e.json");
await writeFile(file, JSON.stringify(instance.variables));
console.log(`E2E_INSTANCE=${file}`);
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => void instance.stop().then(() => process.exit(0)));
}
