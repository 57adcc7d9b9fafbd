import { createHash } from "node:crypto";
import type { HubFile, HubRepository } from "../hub/repository";
import { licence } from "../releases/documents";
import { seededRandom } from "../releases/random";
import { safetensorsFile } from "../releases/safetensors";
import { type CanaryModel, modelsOf, readers, speakers } from "./cast";

const notice = `> **Fictitious example.** This laboratory and this model are invented; the weights are numbers from a seed and
> compute nothing. The answers shown under this name in the example ledger are those of a real model.`;

/** The releases of the canary example, byte for byte the same at every call: small, for nobody reads their weights. */
export function canaryRepositories(): HubRepository[] {
  return [readers, speakers].flatMap(modelsOf).map(repositoryOf);
}

function repositoryOf({ name, repository, vendor, card }: CanaryModel): HubRepository {
  const random = seededRandom(repository);
  const values = Float32Array.from({ length: 64 * 64 }, () => random.normal() / 8);
  const weights = safetensorsFile([{ name: "model.weight", dtype: "BF16", shape: [64, 64], values }]);
  const config = { architectures: ["ExampleModel"], model_type: "example_model", hidden_size: 64 };
  const readme = `---
license: apache-2.0
tags: [fictitious-example]
---
# ${name}

${notice}

By ${vendor}. ${card}
`;
  const files: HubFile[] = [
    { path: "model.safetensors", bytes: weights, lfsSha256: sha("sha256", weights) },
    { path: "config.json", bytes: Buffer.from(`${JSON.stringify(config, null, 2)}\n`), lfsSha256: null },
    { path: "LICENSE", bytes: Buffer.from(licence), lfsSha256: null },
    { path: "README.md", bytes: Buffer.from(readme), lfsSha256: null },
  ];
  const lines = files.map(({ path, bytes }) => `${path} ${sha("sha256", bytes ?? new Uint8Array())}`).sort();
  return {
    name: repository,
    commit: sha("sha1", `${repository}\n${lines.join("\n")}\n`),
    files,
    likes: 12,
    downloads: 340,
    lastModified: "2025-09-01T09:00:00.000Z",
    commitTitle: "Release",
  };
}

/** SHA-256 of a release's weights: what the log knows them by. */
export function weightsOf({ repository }: CanaryModel): string {
  const found = canaryRepositories().find(({ name }) => name === repository);
  const file = found?.files.find(({ path }) => path.endsWith(".safetensors"));
  if (typeof file?.lfsSha256 !== "string") throw new Error(`${repository} has no weights`);
  return file.lfsSha256;
}

function sha(algorithm: "sha1" | "sha256", bytes: string | Uint8Array): string {
  return createHash(algorithm).update(bytes).digest("hex");
}
