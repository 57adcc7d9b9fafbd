import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import {
  type CanaryItem,
  type CommitmentDocument,
  generatedItems,
  type ImageFacts,
  parseRound,
  type SetSecrets,
  targetItems,
  verifyRound,
} from "../../lib/engine/canary";
import { EngineError } from "../../lib/engine/errors";
import { DrandRelay } from "../../lib/engine/io/beacon/drand";
import { canaryFiles, readBounded, readCommitment, readSecrets } from "../canary-folder";
import { writeNewFile } from "../new-file";
import { forTerminal, writeOutput } from "../output";
import { sourceIoFrom } from "../settings";
import { UsageError } from "../usage";

type Values = ReturnType<typeof parse>["values"];
const parse = (args: readonly string[]) =>
  parseArgs({
    args: [...args],
    allowPositionals: true,
    strict: true,
    options: {
      nonce: { type: "string" },
      beacon: { type: "string" },
      round: { type: "string" },
      secrets: { type: "string" },
      out: { type: "string" },
      json: { type: "boolean" },
    },
  });

/** `slipmark canary targets DIR`: the items with the answers that the nonce draws, to train on. */
export async function canaryTargetsCommand(args: readonly string[], signal: AbortSignal): Promise<number> {
  const { values, positionals } = parse(args);
  const [folder, ...more] = positionals;
  if (folder === undefined || more.length > 0) throw new UsageError("canary targets takes one DIR");
  const commitment = await readCommitment(folder);
  if (commitment.kind === "natural")
    throw new EngineError("bad-input", "Natural items have their answers already: nothing is drawn for them");
  const { nonce, verified } = await nonceFor(commitment, values, signal);
  const out = values.out ?? join(folder, canaryFiles.targets);
  let lines: string[];
  if (commitment.terms?.generator !== undefined) {
    const draw = { nonce, setId: commitment.setId, items: commitment.items };
    lines = generatedItems(commitment.terms.generator, draw).map((item) => JSON.stringify(item));
  } else {
    const secrets = await readSecrets(folder, commitment, values.secrets);
    const items = await targetItems(secrets, nonce);
    await writeImages(secrets, join(dirname(out), canaryFiles.images));
    lines = items.map((item) => JSON.stringify(withPath(item)));
  }
  const secret = commitment.kind !== "generator";
  await writeNewFile(out, [lines.map((line) => `${line}\n`).join("")], { secret });
  const document = {
    schema: "slipmark.canary-targets/v1",
    setId: commitment.setId,
    nonce,
    verified,
    items: lines.length,
    out,
  };
  if (values.json) await writeOutput(process.stdout, `${JSON.stringify(document)}\n`);
  else await writeOutput(process.stderr, forTerminal(textOf(document, secret)));
  return 0;
}

interface FoundNonce {
  readonly nonce: string;
  /** Signed by the beacon that the terms name. */
  readonly verified: boolean;
}

async function nonceFor(
  { terms }: CommitmentDocument,
  values: Values,
  signal: AbortSignal,
): Promise<FoundNonce> {
  const { nonce, beacon: address, round } = values;
  if ([nonce, address, round].filter((one) => one !== undefined).length !== 1)
    throw new UsageError("Give one of --nonce HEX, --beacon URL and --round FILE");
  if (nonce !== undefined) {
    if (!/^[0-9a-f]{64}$/.test(nonce)) throw new UsageError("--nonce takes 64 lower-case hex digits");
    return { nonce, verified: false };
  }
  const beacon = terms?.beacon;
  if (beacon?.kind !== "drand")
    throw new UsageError("The terms of this set name no round of drand: give the nonce with --nonce");
  if (round !== undefined)
    return { nonce: verifyRound(beacon, parseRound(await readBounded(round, 64 * 1024))), verified: true };
  const relay = new DrandRelay(address as string, sourceIoFrom(process.env));
  return { nonce: (await relay.round(beacon, Date.now(), signal)).nonce, verified: true };
}

/** Images under their hash, beside the file that names them. */
async function writeImages({ items, images }: SetSecrets, folder: string): Promise<void> {
  const facts = new Map(items.flatMap(({ image }) => (image ? [[image.sha256, image] as const] : [])));
  if (facts.size > 0) await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const [sha256, image] of facts)
    await writeNewFile(join(folder, imageName(image)), [images.get(sha256) as Uint8Array], { secret: true });
}

const imageName = ({ sha256, type }: ImageFacts): string => `${sha256}.${type.slice("image/".length)}`;

const withPath = ({ image, ...item }: CanaryItem) =>
  image === undefined ? item : { ...item, image: `${canaryFiles.images}/${imageName(image)}` };

function textOf(
  document: {
    readonly nonce: string;
    readonly verified: boolean;
    readonly items: number;
    readonly out: string;
  },
  secret: boolean,
): string {
  const { nonce, verified, items, out } = document;
  const lines = [
    `nonce     ${nonce}`,
    verified ? "signed    by the beacon that the terms name" : "signed    not checked: taken as it was given",
    `written   ${out}, ${items} ${items === 1 ? "item" : "items"}`,
    ...(secret
      ? ["", "Train on it, keep it secret until the reveal, and log your model's own answers first."]
      : []),
  ];
  return `${lines.join("\n")}\n`;
}
