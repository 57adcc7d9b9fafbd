import { canonicalJson, sha256Hex } from "../formats/canonical-json";
import type { InputRelease, ResultDocument } from "./document";

/** Everything of a result but its digest. */
export type Undigested = Omit<ResultDocument, "digest">;

/**
 * "sha256:" + SHA-256 of the canonical JSON of what was measured, from what, and how. Left out on purpose: where the
 * releases were read (kind, repository), sentences for people, dates, the engine's build, and sizes that follow from
 * the rest. So a mirror, a folder with a recorded listing or a capsule gives the same digest.
 */
export function resultDigest(document: Undigested): string {
  const { schema, inputs, parameters, ranges, fullReads, methods, summary } = document;
  const { text: _text, dates: _dates, ...measuredSummary } = summary;
  const digested = {
    schema,
    inputs: {
      original: content(inputs.original),
      suspect: content(inputs.suspect),
      ancestors: inputs.ancestors.map(content),
      controls: inputs.controls.map(content),
    },
    parameters,
    ranges,
    ...(fullReads ? { fullReads } : {}),
    methods: methods.map(({ explanation: _explanation, ...measured }) => measured),
    summary: measuredSummary,
  };
  return `sha256:${sha256Hex(canonicalJson(digested))}`;
}

function content({ commit, files }: InputRelease) {
  return { commit, files };
}
