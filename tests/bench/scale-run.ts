/**
 * One comparison in a process of its own, as the command line makes it, with its cost: the child of scale.ts.
 * Gets a ScaleJob over its IPC channel, answers with a ScaleCost and ends.
 */
import { writeFile } from "node:fs/promises";
import { openInputs } from "@/cli/open-inputs";
import { compare } from "@/lib/engine/compare";
import { canonicalJson } from "@/lib/engine/formats/canonical-json";
import { writeCapsule } from "@/lib/engine/io/capsule/write-capsule";
import { createLocalBudget } from "@/lib/engine/io/net/request-budget";
import { defaultLimits } from "@/lib/engine/io/net/source-limits";
import type { SourceSpec } from "@/lib/engine/io/source/spec";
import { builtInMethods } from "@/lib/engine/methods/registry";
import type { ResultDocument } from "@/lib/engine/result/document";

export interface ScaleJob {
  readonly endpoint: string;
  readonly original: string;
  readonly suspect: string;
  readonly ancestors: readonly string[];
  readonly controls: readonly string[];
  readonly level: 1 | 2;
  readonly cacheFolder: string;
  readonly capsule: string;
  /** Where the whole result goes. */
  readonly out: string | null;
}

export interface ScaleCost {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakBytes: number;
  /** Everything that came over the network. */
  readonly transferred: number;
  /** Per release, in the order original, suspect, ancestors, controls: bytes the methods read, and bytes there are. */
  readonly releases: readonly {
    readonly repository: string;
    readonly read: number;
    readonly total: number;
  }[];
  /** Seconds per method, in the order they ran. */
  readonly methods: readonly { readonly method: string; readonly seconds: number; readonly says: string }[];
  readonly relation: string;
  readonly digest: string;
}

process.once("message", (job) => {
  run(job as ScaleJob).then(
    (cost) => process.send?.(cost, () => process.disconnect()),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});

async function run(job: ScaleJob): Promise<ScaleCost> {
  const start = performance.now();
  let transferred = 0;
  const io = {
    hf: { endpoint: job.endpoint, token: null },
    github: { endpoint: job.endpoint, token: null },
    cacheFolder: job.cacheFolder,
    budget: createLocalBudget(),
    limits: defaultLimits,
    onBytes: (count: number) => {
      transferred += count;
    },
  };
  const marks: { phase: string; at: number }[] = [];
  const spec = (repository: string): SourceSpec => ({ kind: "hf", repository, revision: null });
  const specs = {
    original: spec(job.original),
    suspect: spec(job.suspect),
    ancestors: job.ancestors.map(spec),
    controls: job.controls.map(spec),
  };
  const progress = { phase: () => {}, bytes: () => {}, clear: () => {} };
  const input = await openInputs(specs, io, progress);
  const methods = [...builtInMethods.keys()].filter((id) => id !== "code" && id !== "weights/full");
  const comparison = await compare(
    input,
    { methods, nonce: "", screened: 1, level: job.level },
    {
      onProgress: ({ phase }) => {
        if (marks.at(-1)?.phase !== phase) marks.push({ phase, at: performance.now() });
      },
    },
  );
  await writeCapsule(job.capsule, { ...comparison, parameters: comparison.result.parameters });
  comparison.blobs.close();
  const { result } = comparison;
  if (job.out !== null) await writeFile(job.out, canonicalJson(result));
  const { user, system } = process.cpuUsage();
  return {
    seconds: (performance.now() - start) / 1000,
    cpuSeconds: (user + system) / 1e6,
    peakBytes: process.resourceUsage().maxRSS * 1024,
    transferred,
    releases: releasesOf(
      comparison.releases.map(({ role, position }) => ({ role, position })),
      result,
    ),
    methods: result.methods.map(({ method, says }) => {
      const at = marks.findIndex(({ phase }) => phase === method);
      const seconds = ((marks[at + 1]?.at ?? 0) - (marks[at]?.at ?? 0)) / 1000;
      return { method, seconds, says };
    }),
    relation: result.summary.relation,
    digest: result.digest,
  };
}

function releasesOf(
  places: readonly { readonly role: string; readonly position: number }[],
  { inputs, ranges }: ResultDocument,
): ScaleCost["releases"] {
  const all = [inputs.original, inputs.suspect, ...inputs.ancestors, ...inputs.controls];
  return all.map(({ repository, files }, k) => {
    const { role, position } = places[k] as { role: string; position: number };
    const read = ranges
      .filter((range) => range.role === role && range.position === position)
      .reduce((sum, range) => sum + range.end - range.start, 0);
    return {
      repository: repository ?? "",
      read,
      total: files.reduce((sum, { size }) => sum + (size ?? 0), 0),
    };
  });
}
