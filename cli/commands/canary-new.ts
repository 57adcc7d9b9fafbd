import { generateKeyPairSync } from "node:crypto";
import { parseArgs } from "node:util";
import {
  authorKeyIdOfAccount,
  authorKeyIdOfSpki,
  CanaryError,
  type CanaryItem,
  type CommitmentDocument,
  type DrandBeacon,
  fewestOptions,
  formatCommitment,
  kindOfItems,
  knownChains,
  limits,
  makeGeneratorSet,
  makeSet,
  parseTerms,
  requireItemsOfKind,
  requireItemsOfTerms,
  roundAfter,
  type SetSecrets,
  sealSecrets,
  termsSchemaName,
  timeOfRound,
} from "../../lib/engine/canary";
import { EngineError } from "../../lib/engine/errors";
import { publicDer, readSigningKey } from "../../lib/engine/fingerprint/signature";
import { readItemsFile } from "../../lib/engine/io/ask";
import { DrandRelay } from "../../lib/engine/io/beacon/drand";
import { canaryFiles, readBounded } from "../canary-folder";
import { type NewFile, requireFree, writeNewFolder } from "../new-file";
import { forTerminal, writeOutput } from "../output";
import { passphraseFor } from "../passphrase";
import { createProgress } from "../progress";
import { sourceIoFrom } from "../settings";
import { UsageError } from "../usage";

const largestJson = 1024 * 1024;
/** Seconds from now to the beacon's round: time to register the commitment and to have it in a witnessed checkpoint. */
const usualDelay = 900;

type Values = ReturnType<typeof parse>["values"];
const parse = (args: readonly string[]) =>
  parseArgs({
    args: [...args],
    allowPositionals: true,
    strict: true,
    options: {
      out: { type: "string" },
      terms: { type: "string" },
      beacon: { type: "string" },
      after: { type: "string" },
      author: { type: "string" },
      account: { type: "string" },
      key: { type: "string" },
      json: { type: "boolean" },
    },
  });

/** `slipmark canary new ITEMS.jsonl --out DIR`: the commitment, and the secrets in a file of their own. */
export async function canaryNewCommand(args: readonly string[], signal: AbortSignal): Promise<number> {
  const { values, positionals } = parse(args);
  const [path, ...more] = positionals;
  if (more.length > 0 || values.out === undefined)
    throw new UsageError("canary new takes one ITEMS.jsonl and --out DIR");
  if (path === undefined && values.terms === undefined)
    throw new UsageError("canary new takes ITEMS.jsonl, or for a generator set --terms FILE alone");
  await requireFree(values.out);
  const author = await authorOf(values);
  const items = path === undefined ? null : await readItems(path);
  const terms = await termsOf(values, items?.items ?? null, signal);
  if (items === null) {
    if (terms?.kind !== "generator")
      throw new UsageError("Only a generator set has no items of its own: name an ITEMS.jsonl");
    const commitment = makeGeneratorSet(terms, author.keyId);
    await writeNewFolder(values.out, [publicFile(commitment), ...author.files]);
    return report(commitment, values, []);
  }
  // What the items have to be is known before anybody types a passphrase.
  if (terms === null) requireItemsOfKind(items.items, kindOfItems(items.items));
  else requireItemsOfTerms(items.items, terms);
  const passphrase = await passphraseFor("new", process.env);
  const progress = createProgress(process.stderr);
  let made: { readonly commitment: CommitmentDocument; readonly secrets: SetSecrets };
  let sealed: string;
  try {
    const input = {
      ...items,
      authorKeyId: author.keyId,
      signal,
      onProgress: ({ done, total }: { readonly done: number; readonly total: number }) =>
        progress.phase({ phase: `committing to ${total} items`, done, total }),
    };
    made = await makeSet(input, terms === null ? { kind: kindOfItems(items.items) } : { terms });
    sealed = await sealSecrets(made.secrets, passphrase, {
      onProgress: (done) => progress.phase({ phase: "sealing the secrets", done, total: 1 }),
    });
  } finally {
    progress.clear();
  }
  const secretFile: NewFile = { name: canaryFiles.secrets, text: sealed, secret: true };
  await writeNewFolder(values.out, [publicFile(made.commitment), secretFile, ...author.files]);
  return report(made.commitment, values, [
    `${values.out}/${canaryFiles.secrets} holds seed and items under your passphrase. Keep a second copy elsewhere: without`,
    "it nothing can ever be revealed, and what is not revealed in time counts as failed.",
  ]);
}

const publicFile = (commitment: CommitmentDocument): NewFile => ({
  name: canaryFiles.commitment,
  text: formatCommitment(commitment),
  secret: false,
});

async function readItems(path: string) {
  const { items, image } = await readItemsFile(path);
  const distinct = new Map(items.flatMap((item) => (item.image ? [[item.image.sha256, item] as const] : [])));
  const total = [...distinct.values()].reduce((sum, item) => sum + (item.image?.size ?? 0), 0);
  if (total > limits.secretsBytes)
    throw new EngineError(
      "bad-input",
      `The images of ${path} have more than ${limits.secretsBytes} bytes together`,
    );
  const images = new Map<string, Uint8Array>();
  for (const [sha256, item] of distinct) images.set(sha256, await image(item));
  return { items, images };
}

/** The terms of the file, with what the items and --beacon determine filled in where the file leaves it out. */
async function termsOf(values: Values, items: readonly CanaryItem[] | null, signal: AbortSignal) {
  if (values.terms === undefined) {
    if (values.beacon !== undefined || values.after !== undefined)
      throw new UsageError("--beacon and --after belong to --terms");
    return null;
  }
  const bytes = await readBounded(values.terms, largestJson);
  let draft: unknown;
  try {
    draft = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new EngineError("bad-input", `${values.terms} is not JSON in UTF-8`);
  }
  if (typeof draft !== "object" || draft === null || Array.isArray(draft))
    throw new EngineError("bad-input", `${values.terms} is not a JSON object`);
  if (values.beacon !== undefined && "beacon" in draft)
    throw new UsageError(`${values.terms} names a beacon already: leave --beacon out`);
  const beacon = values.beacon === undefined ? {} : { beacon: await beaconOf(values, signal) };
  const facts =
    items === null
      ? { options: null }
      : { kind: kindOfItems(items), items: items.length, options: fewestOptions(items) };
  try {
    return parseTerms({ schema: termsSchemaName, ...facts, ...beacon, ...draft });
  } catch (error) {
    if (!(error instanceof CanaryError)) throw error;
    throw new EngineError("bad-input", `${values.terms}: ${error.message}`);
  }
}

async function beaconOf(values: Values, signal: AbortSignal): Promise<DrandBeacon> {
  const delay = values.after === undefined ? usualDelay : Number(values.after);
  if (!Number.isSafeInteger(delay) || delay < 1 || delay > 366 * 86_400)
    throw new UsageError("--after takes a whole number of seconds");
  const name = values.beacon as string;
  const chain = Object.hasOwn(knownChains, name)
    ? knownChains[name as keyof typeof knownChains]
    : await new DrandRelay(name, sourceIoFrom(process.env)).chain(signal);
  return { ...chain, round: roundAfter(chain, Date.now() + 1000 * delay) };
}

/** Whose set it is: the id that every item's hash contains, and a new key's file where none was given. */
async function authorOf(
  values: Values,
): Promise<{ readonly keyId: string; readonly files: readonly NewFile[] }> {
  const { author, account, key } = values;
  if ([author, account, key].filter((one) => one !== undefined).length > 1)
    throw new UsageError("Give one of --author, --account and --key");
  if (author !== undefined) {
    if (!/^[0-9a-f]{64}$/.test(author)) throw new UsageError("--author takes 64 lower-case hex digits");
    return { keyId: author, files: [] };
  }
  if (account !== undefined) return { keyId: authorKeyIdOfAccount(account), files: [] };
  if (key !== undefined) {
    const bytes = await readBounded(key, 64 * 1024);
    const { key: own } = readSigningKey(new TextDecoder().decode(bytes));
    return { keyId: authorKeyIdOfSpki(publicDer(own)), files: [] };
  }
  const { privateKey } = generateKeyPairSync("ed25519");
  const text = privateKey.export({ format: "pem", type: "pkcs8" }).toString();
  return {
    keyId: authorKeyIdOfSpki(publicDer(privateKey)),
    files: [{ name: canaryFiles.authorKey, text, secret: true }],
  };
}

async function report(
  commitment: CommitmentDocument,
  values: Values,
  notes: readonly string[],
): Promise<number> {
  if (values.json) {
    await writeOutput(process.stdout, formatCommitment(commitment));
    return 0;
  }
  const { setId, root, items, kind, authorKeyId, terms } = commitment;
  const beacon = terms?.beacon;
  const ownKey = [values.author, values.account, values.key].every((one) => one === undefined);
  const lines = [
    `set       ${setId}`,
    `root      ${root}`,
    `items     ${items}, ${kind}`,
    `author    ${authorKeyId}`,
    ...(beacon?.kind === "drand"
      ? [`beacon    round ${beacon.round}, at ${new Date(timeOfRound(beacon)).toISOString()}`]
      : []),
    `written   ${values.out}`,
    "",
    ...notes,
    ...(ownKey
      ? [
          `${values.out}/${canaryFiles.authorKey} is a new key of yours: the commitment is registered and signed with it.`,
        ]
      : []),
    ...(terms === null
      ? [
          "Without terms nothing can be judged by this set: before you register it, consider another with --terms FILE.",
        ]
      : []),
  ];
  await writeOutput(process.stderr, forTerminal(`${lines.join("\n")}\n`));
  return 0;
}
