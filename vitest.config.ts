import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const unit = [
  "lib/**/*.test.ts",
  "worker/**/*.test.ts",
  "cli/**/*.test.ts",
  "app/**/*.test.ts",
  "components/**/*.test.{ts,tsx}",
  "i18n/**/*.test.ts",
];
const shared = {
  resolve: {
    tsconfigPaths: true,
    // The guard against client bundles throws outside of Next's server conditions.
    alias: { "server-only": fileURLToPath(new URL("node_modules/server-only/empty.js", import.meta.url)) },
  },
};
const database = ["tests/support/database-server.ts"];

/** Which files need what: `vitest run --project unit` starts nothing but the tests themselves. */
export default defineConfig({
  ...shared,
  test: {
    // Two cores: more workers only make timeouts.
    maxWorkers: 2,
    projects: [
      // Pure code: files may share a process, which saves loading it again.
      { ...shared, test: { name: "unit", include: unit, isolate: false, testTimeout: 20_000 } },
      {
        ...shared,
        test: {
          name: "integration",
          include: ["tests/integration/**/*.test.ts"],
          exclude: ["tests/integration/**/*.long.test.ts"],
          globalSetup: database,
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        ...shared,
        test: {
          name: "contract",
          include: ["tests/contract/**/*.test.ts"],
          globalSetup: database,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        ...shared,
        test: {
          name: "zoo",
          include: ["tests/{zoo,real,canary}/**/*.test.ts"],
          exclude: ["tests/{zoo,canary}/**/*.long.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        ...shared,
        // Each file builds the bundle first.
        test: { name: "cli", include: ["tests/cli/**/*.test.ts"], testTimeout: 60_000, hookTimeout: 60_000 },
      },
      {
        ...shared,
        test: {
          name: "long",
          include: ["tests/**/*.long.test.ts"],
          globalSetup: [...database, "tests/support/build-place.ts"],
          testTimeout: 600_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
});
