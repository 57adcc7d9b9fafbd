import { readFile } from "node:fs/promises";
import { startInstance } from "./instance";

/**
 * Starts the instance that all browser tests share. While writing tests, keep one running instead:
 *
 *     npx tsx tests/e2e/support/keep-instance.ts      prints the file to name in E2E_INSTANCE
 *     E2E_INSTANCE=… npx playwright test arc.spec.ts
 */
export default async function setUp(): Promise<(() => Promise<void>) | undefined> {
  const kept = process.env.E2E_INSTANCE;
  if (kept !== undefined) {
    Object.assign(process.env, JSON.parse(await readFile(kept, "utf8")));
    return undefined;
  }
  const instance = await startInstance();
  Object.assign(process.env, instance.variables);
  return instance.stop;
}
