import type { ReleaseReader } from "../../io/source/release";
import { Column, giveBack } from "./column";
import { runHashes } from "./grams";
import { eachFile, type Loading } from "./load-code";
import { distinct } from "./subtract";
import { kind, type ParsedFile } from "./tokens";

/** What is kept of an ancestor: what it explains needs no more. */
export interface Ancestor {
  /** Hashes of its runs, ascending, each once. */
  readonly runs: Uint32Array;
  /** All names it uses as identifiers. */
  readonly names: ReadonlySet<string>;
}

/** Reads and parses one release, and keeps no token of it. */
export async function loadAncestor(reader: ReleaseReader, loading: Loading): Promise<Ancestor> {
  const hashes = new Column(Uint32Array);
  const names = new Set<string>();
  await eachFile(reader, loading, (_, { units, run }, texts) => {
    hashes.add(runHashes(run.symbols, stretches(units)));
    for (let at = 0; at < run.kinds.length; at++) {
      if (run.kinds[at] === kind.identifier) names.add(texts[run.texts[at] as number] ?? "");
    }
    giveBack(run.symbols, run.kinds);
  });
  return { runs: distinct(hashes.whole().sort()), names };
}

function stretches(units: ParsedFile["units"]): { from: number; to: number }[] {
  let to = 0;
  return units.map(({ tokens }) => {
    const from = to;
    to += tokens;
    return { from, to };
  });
}
