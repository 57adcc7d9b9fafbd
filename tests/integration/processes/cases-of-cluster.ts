import type { Viewer } from "@/lib/platform/context";
import type { Database } from "@/lib/platform/database";
import { type HubRepository, hubRepository } from "@/tests/support/hub";
import { recordedActs } from "@/tests/support/recorded-acts";
import { insertOpenCase } from "../verification/support";
import type { Cluster } from "./cluster";

let pairs = 0;

/** A case on two releases that nobody has read yet; returns its number. */
export async function insertNewCase(cluster: Cluster, reporter: Viewer): Promise<string> {
  pairs += 1;
  const release = (name: string, facts: object): HubRepository => {
    const repository = hubRepository(name, {
      "config.json": { model_type: "llama", hidden_size: 64, num_hidden_layers: 2, pair: pairs, ...facts },
      "README.md": `---\nlicense: apache-2.0\n---\n# ${name}\n`,
      "tokenizer_config.json": { tokenizer_class: "LlamaTokenizer", pair: pairs },
    });
    cluster.hub.addRepository(repository);
    return repository;
  };
  const publicId = `SLP-2026-${String(pairs).padStart(4, "0")}`;
  const original = release(`lab-a/bamboo-${pairs}`, {});
  const suspect = release(`lab-b/willow-${pairs}`, { model_type: "willow" });
  await insertOpenCase(cluster.db, { publicId, reporter, original, suspect });
  return publicId;
}

/** What the end of a run leaves: each exactly once. */
export async function tracesOfRun(db: Database, runId: string) {
  const events = await db.caseEvent.findMany({ where: { type: "run-finished" } });
  const rows = await recordedActs(db, "verify");
  return {
    results: await db.runResult.count({ where: { runId } }),
    events: events.filter(({ data }) => (data as { runId?: string }).runId === runId).length,
    outbox: rows.filter((statement) => statement.includes(runId)).length,
  };
}
