import { join } from "node:path";
import { parseArgs } from "node:util";
import { openSet, verifyOpening } from "../../lib/engine/canary";
import { EngineError } from "../../lib/engine/errors";
import { canonical } from "../../lib/engine/log";
import { canaryFiles, readCommitment, readSecrets } from "../canary-folder";
import { writeNewFile } from "../new-file";
import { forTerminal, writeOutput } from "../output";
import { UsageError } from "../usage";

/** `slipmark canary reveal DIR`: openings of all items or of some, each checked against the commitment before. */
export async function canaryRevealCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    strict: true,
    options: {
      items: { type: "string" },
      secrets: { type: "string" },
      out: { type: "string" },
      json: { type: "boolean" },
    },
  });
  const [folder, ...more] = positionals;
  if (folder === undefined || more.length > 0) throw new UsageError("canary reveal takes one DIR");
  const commitment = await readCommitment(folder);
  if (commitment.kind === "generator")
    throw new EngineError(
      "bad-input",
      "A generator set has nothing to reveal: its items follow from the nonce",
    );
  const chosen = values.items === undefined ? undefined : indicesOf(values.items, commitment.items);
  const secrets = await readSecrets(folder, commitment, values.secrets);
  const openings = await openSet(secrets, chosen);
  const size = commitment.items;
  for (const opening of openings) verifyOpening(opening, { ...commitment, size });
  const out = values.out ?? join(folder, canaryFiles.openings);
  const lines = openings.map((opening) => `${canonical(opening)}\n`);
  // Items that are not revealed yet stay as secret as before; these become public, by whoever publishes them.
  await writeNewFile(out, lines, { secret: true });
  const document = {
    schema: "slipmark.canary-reveal/v1",
    setId: commitment.setId,
    openings: openings.length,
    complete: openings.length === size,
    out,
  };
  if (values.json) await writeOutput(process.stdout, `${JSON.stringify(document)}\n`);
  else
    await writeOutput(
      process.stderr,
      forTerminal(
        `set       ${commitment.setId}\nopened    ${openings.length} of ${size} items\nwritten   ${out}\n`,
      ),
    );
  return 0;
}

/** "0,4,7" and "0-99": ascending, each once. */
function indicesOf(list: string, size: number): number[] {
  const found = new Set<number>();
  for (const part of list.split(",")) {
    const [, first, last = first] = /^(\d{1,6})(?:-(\d{1,6}))?$/.exec(part.trim()) ?? [];
    if (first === undefined || Number(last) < Number(first))
      throw new UsageError("--items takes numbers and ranges, such as 0,4,7 or 0-99");
    if (Number(last) >= size)
      throw new UsageError(`There is no item ${Number(last)}: this set has ${size}, counted from 0`);
    for (let index = Number(first); index <= Number(last); index += 1) found.add(index);
  }
  return [...found].sort((a, b) => a - b);
}
