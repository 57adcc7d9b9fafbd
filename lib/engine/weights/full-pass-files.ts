import { merkleRoot } from "./full-pass-merkle";
import type { PassPlan } from "./full-pass-plan";

/** One root over all leaves of a file, segment after segment; null where bytes are missing. */
export interface FilePass {
  readonly path: string;
  readonly bytes: number;
  readonly leaves: number;
  readonly root: string | null;
}

/** The files of a plan after the pass. */
export function passedFiles({ segments }: PassPlan): FilePass[] {
  return [...Map.groupBy(segments, ({ path }) => path)].map(([path, own]) => {
    const whole = own.every(({ missing, issued, start, end }) => missing === 0 && issued === end - start);
    const leaves = Buffer.concat(own.map((segment) => segment.leaves));
    return {
      path,
      bytes: own.reduce((sum, { start, end }) => sum + end - start, 0),
      leaves: leaves.length / 32,
      root: whole ? merkleRoot(leaves) : null,
    };
  });
}
