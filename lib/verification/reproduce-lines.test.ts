import { describe, expect, it } from "vitest";
import { publicHubEndpoint } from "@/lib/engine/io/source/source-io";
import { reproduceLines } from "./reproduce-lines";

const run = { runId: "run_1", build: "ab".repeat(32) };

describe("reproduceLines", () => {
  it("names result, engine and its hash, and no Hub, for a public instance", () => {
    for (const hfEndpoint of [publicHubEndpoint, "http://10.0.0.7:8080"]) {
      const lines = reproduceLines({ ...run, origin: "https://ledger.example", hfEndpoint });
      expect(lines.inClone).toBe(
        "npx --no-install slipmark reproduce https://ledger.example/api/v1/runs/run_1/result",
      );
      expect(lines.fetchEngine).toContain(`/cli/${run.build}.mjs`);
      expect(JSON.stringify(lines)).not.toContain("10.0.0.7");
    }
  });

  it("names the example Hub on a loopback instance, except where the capsule suffices", () => {
    const hfEndpoint = "http://127.0.0.1:4100";
    const lines = reproduceLines({ ...run, origin: "http://127.0.0.1:3000", hfEndpoint });
    expect(lines.inClone).toMatch(/^HF_ENDPOINT=http:\/\/127\.0\.0\.1:4100 npx /);
    expect(lines.fromRepositories).toMatch(/^HF_ENDPOINT=http:\/\/127\.0\.0\.1:4100 node /);
    expect(lines.fromCapsule).not.toContain("HF_ENDPOINT");
  });
});
