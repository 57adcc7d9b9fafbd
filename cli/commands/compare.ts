import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { compare } from "../../lib/engine/compare";
import { canonicalJson } from "../../lib/engine/formats/canonical-json";
import { writeCapsule } from "../../lib/engine/io/capsule/write-capsule";
import { folderLeafStore } from "../../lib/engine/io/leaf-store";
import { parseSourceSpec, type SourceSpec } from "../../lib/engine/io/source/spec";
import type { InputRelease, ResultDocument } from "../../lib/engine/result/document";
import { ownBuild } from "../build-id";
import { parametersFrom } from "../compare-parameters";
import { type InputSpecs, openInputs } from "../open-inputs";
import { forTerminal, writeOutput } from "../output";
import { createProgress } from "../progress";
import { sourceIoFrom } from "../settings";
import { summaryText } from "../summary-text";
import { UsageError } from "../usage";

/** `slipmark compare`: exit code 0 whatever was found; the finding is in the result. */
export async function compareCommand(args: readonly string[], signal: AbortSignal): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    strict: true,
    options: {
      ancestor: { type: "string", multiple: true },
      control: { type: "string", multiple: true },
      methods: { type: "string" },
      level: { type: "string" },
      nonce: { type: "string" },
      screened: { type: "string" },
      "ancestors-closed": { type: "boolean" },
      capsule: { type: "string" },
      json: { type: "boolean" },
      out: { type: "string" },
    },
  });
  const [original, suspect, ...more] = positionals;
  if (original === undefined || suspect === undefined || more.length > 0) {
    throw new UsageError("compare takes two sources: ORIGINAL SUSPECT");
  }
  const parameters = parametersFrom(values);
  const progress = createProgress(process.stderr);
  const io = { ...sourceIoFrom(process.env), signal, onBytes: progress.bytes };
  const parse = (text: string) => parseSourceSpec(text, { hubOrigin: io.hf.endpoint });
  const specs: InputSpecs = {
    original: parse(original),
    suspect: parse(suspect),
    ancestors: (values.ancestor ?? []).map(parse),
    controls: (values.control ?? []).map(parse),
  };
  try {
    const input = await openInputs(specs, io, progress);
    // A full read that is stopped goes on from here; once it is done, nothing of it is needed.
    const parts = parameters.level === 3 && io.cacheFolder !== null ? join(io.cacheFolder, "leaves") : null;
    const comparison = await compare(input, parameters, {
      signal,
      onProgress: progress.phase,
      build: ownBuild(),
      ...(parts === null ? {} : { leafStore: folderLeafStore(parts) }),
    });
    if (parts !== null) await rm(parts, { recursive: true, force: true });
    if (values.capsule !== undefined)
      await writeCapsule(values.capsule, { ...comparison, parameters: comparison.result.parameters });
    comparison.blobs.close();
    progress.clear();
    const document = withFolders(comparison.result, specs);
    const json = `${canonicalJson(document)}\n`;
    if (values.out !== undefined) await writeFile(values.out, json);
    if (values.json) await writeOutput(process.stdout, json);
    else await writeOutput(process.stderr, forTerminal(summaryText(document)));
    return 0;
  } finally {
    progress.clear();
  }
}

/** Notes where a folder or a fingerprint lay, so that `reproduce` finds it again. Outside of the digest. */
function withFolders(document: ResultDocument, specs: InputSpecs): ResultDocument {
  const place = (input: InputRelease, spec: SourceSpec | undefined): InputRelease =>
    spec?.kind === "folder" || spec?.kind === "fingerprint" ? { ...input, folder: spec.repository } : input;
  const { original, suspect, ancestors, controls } = document.inputs;
  return {
    ...document,
    inputs: {
      original: place(original, specs.original),
      suspect: place(suspect, specs.suspect),
      ancestors: ancestors.map((input, index) => place(input, specs.ancestors[index])),
      controls: controls.map((input, index) => place(input, specs.controls[index])),
    },
  };
}
