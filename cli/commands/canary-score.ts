import { writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import {
  generatedItems,
  idKey,
  openedItem,
  parseCommitment,
  parseItems,
  parseOpenings,
  parseTerms,
} from "../../lib/engine/canary";
import { inputOfBundle, parseBundle } from "../../lib/engine/canary/bundle";
import {
  type AnswerSet,
  type JudgedItem,
  type JudgeInput,
  type Judgement,
  type JudgeTerms,
  judge,
  type Origin,
  type ReferenceSet,
} from "../../lib/engine/canary/judge";
import { parseAnswers } from "../../lib/engine/canary/transcript";
import { EngineError } from "../../lib/engine/errors";
import { parseStrictJson } from "../../lib/engine/formats/strict-json";
import { canaryFiles, readBounded } from "../canary-folder";
import { forTerminal, writeOutput } from "../output";
import { UsageError } from "../usage";
import { judgementText } from "../view/canary-judgement";

const largestAnswers = 512 * 1024 * 1024;
const largestBundle = 1024 * 1024 * 1024;
const largestTerms = 1024 * 1024;

const parse = (args: readonly string[]) =>
  parseArgs({
    args: [...args],
    allowPositionals: true,
    strict: true,
    options: {
      bundle: { type: "string" },
      items: { type: "string" },
      commitment: { type: "string" },
      openings: { type: "string" },
      nonce: { type: "string" },
      terms: { type: "string" },
      original: { type: "string" },
      suspect: { type: "string" },
      reference: { type: "string", multiple: true },
      shared: { type: "string" },
      primary: { type: "string" },
      threshold: { type: "string" },
      fold: { type: "string" },
      given: { type: "boolean" },
      json: { type: "boolean" },
      out: { type: "string" },
    },
  });
type Values = ReturnType<typeof parse>["values"];

/**
 * `slipmark canary score`: judges answers. Labels count as drawn only where they follow from a commitment, its openings
 * and a nonce; whatever else a file of items holds is taken as natural, so that no option puts chance in place of how
 * models really err. Exit code 1: the bundle states another digest.
 */
export async function canaryScoreCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = parse(args);
  if (positionals.length > 0) throw new UsageError("canary score takes options only (see slipmark --help)");
  const { input, stated } = values.bundle === undefined ? await fromFiles(values) : await fromBundle(values);
  const result = judge(input);
  const document = `${JSON.stringify(result)}\n`;
  if (values.out !== undefined) await writeFile(values.out, document);
  if (values.json) await writeOutput(process.stdout, document);
  else await writeOutput(process.stderr, forTerminal(textOf(result, stated)));
  return stated !== null && stated !== result.digest ? 1 : 0;
}

function textOf(result: Judgement, stated: string | null): string {
  const text = judgementText(result);
  if (stated === null) return text;
  return `${text}${stated === result.digest ? "The digest is the one that was stated.\n" : `Another digest was stated: ${stated}\n`}`;
}

async function fromBundle(values: Values): Promise<{ input: JudgeInput; stated: string | null }> {
  const { bundle: path, json: _json, out: _out, ...others } = values;
  const [other] = Object.keys(others);
  if (other !== undefined)
    throw new UsageError(`--bundle holds everything: --${other} cannot stand beside it`);
  const bundle = parseBundle(await readBounded(path as string, largestBundle));
  return { input: inputOfBundle(bundle), stated: bundle.result?.digest ?? null };
}

async function fromFiles(values: Values): Promise<{ input: JudgeInput; stated: null }> {
  const { original, suspect, reference = [] } = values;
  if (original === undefined || suspect === undefined)
    throw new UsageError("canary score needs --original A.jsonl and --suspect S.jsonl");
  const set = values.commitment === undefined ? await plainSet(values) : await committedSet(values);
  // Answers to unrevealed items may stand in a file; their ids are known to the author alone.
  const ids = set.items.length === set.size ? set.items.map(({ item }) => item.id) : undefined;
  const answersOf = async (path: string) =>
    parseAnswers(await readBounded(path, largestAnswers), { what: path, ...(ids && { ids }) });
  const [one, other] = [origin(original, "--original"), origin(suspect, "--suspect")];
  const others = reference.map((text) => origin(text, "--reference"));
  const names = namesOf([one, other, ...others].map(({ path }) => path));
  const claimed = { weights: null, authenticity: "claimed", transcript: null } as const;
  const references: ReferenceSet[] = [];
  for (const [at, { path, family, facts }] of others.entries()) {
    const name = names[at + 2] as string;
    const answers = await answersOf(path);
    references.push({
      role: "reference",
      name,
      family: family ?? name,
      origin: facts,
      beforeReveal: true,
      ...claimed,
      answers,
    });
  }
  const side = async (
    role: "original" | "suspect",
    { path, facts }: Given,
    name: string,
  ): Promise<AnswerSet> => ({ role, name, origin: facts, ...claimed, answers: await answersOf(path) });
  const input: JudgeInput = {
    ...set,
    original: await side("original", one, names[0] as string),
    suspect: await side("suspect", other, names[1] as string),
    references,
    declaredShared: values.shared === undefined ? null : origin(`,${values.shared}`, "--shared").facts,
    order: { ok: null, withheld: [] },
    setsOfNamespace: 1,
    pairsTried: [],
    ...(values.given ? { answersAre: "given" as const } : {}),
  };
  return { input, stated: null };
}

type SetParts = Pick<JudgeInput, "terms" | "nonce" | "nonceIs" | "items" | "size">;

/** Items from a file, with their answers: natural, whatever options they have. */
async function plainSet(values: Values): Promise<SetParts> {
  if (values.openings !== undefined || values.nonce !== undefined)
    throw new UsageError("--openings and --nonce belong to a --commitment");
  if (values.items === undefined)
    throw new UsageError("canary score needs --items ITEMS.jsonl or --commitment DIR");
  const written = parseItems(await readBounded(values.items, largestAnswers), values.items);
  const items = written.map(({ image: _image, ...item }, index): JudgedItem => ({ index, item }));
  const size = items.length;
  if (values.terms !== undefined) {
    const terms = parseTerms(parseStrictJson(await readBounded(values.terms, largestTerms), values.terms));
    if (terms.kind !== "natural")
      throw new EngineError(
        "bad-input",
        `These terms are of a ${terms.kind} set: its items have to be shown to be the committed ones, by --commitment and --nonce`,
      );
    return { terms, nonce: null, items, size };
  }
  const terms: JudgeTerms = {
    kind: "natural",
    items: size,
    options: null,
    primary: choice(values.primary, "--primary", ["robust", "rank"], "robust"),
    threshold: thresholdOf(values.threshold),
    normaliser: "n1",
    fold: choice(values.fold, "--fold", ["none", "simplified"], "none"),
    needsReferences: 5,
    beacon: { kind: "none" },
  };
  return { terms, nonce: null, items, size };
}

/** A committed set: every opening is checked, targets are drawn again, generated items drawn again. */
async function committedSet(values: Values): Promise<SetParts> {
  for (const name of ["items", "terms", "primary", "threshold", "fold"] as const) {
    if (values[name] !== undefined) throw new UsageError(`The commitment fixes what --${name} would say`);
  }
  const path = values.commitment as string;
  const file = path.endsWith(".json") ? path : join(path, canaryFiles.commitment);
  const commitment = parseCommitment(await readBounded(file, largestTerms));
  const { terms, setId, items: size } = commitment;
  if (terms === null)
    throw new EngineError("bad-input", "This set was committed without terms: nothing of it can be judged");
  const nonce = values.nonce ?? null;
  if (nonce !== null && !/^[0-9a-f]{64}$/.test(nonce))
    throw new UsageError("--nonce is 64 lower-case hex digits");
  if (nonce === null && terms.kind !== "natural")
    throw new UsageError(`A ${terms.kind} set is judged with the --nonce that drew it`);
  if (terms.generator !== undefined) {
    const draw = { nonce: nonce as string, setId, items: size };
    const items = generatedItems(terms.generator, draw).map((item, index) => ({ index, item }));
    return { terms, nonce, nonceIs: "given", items, size };
  }
  if (values.openings === undefined) throw new UsageError("A committed set is judged with its --openings");
  const openings = parseOpenings(await readBounded(values.openings, largestBundle), values.openings);
  const items = openings.map(
    (opening): JudgedItem =>
      openedItem(opening, { commitment: { ...commitment, size }, kind: terms.kind, nonce }),
  );
  return { terms, nonce, nonceIs: "given", items: items.sort((a, b) => a.index - b.index), size };
}

interface Given {
  readonly path: string;
  readonly family: string | undefined;
  readonly facts: Origin;
}

/** "FILE,family=F,base=B,vendor=V,corpus=C": a file and where its model comes from. */
function origin(text: string, option: string): Given {
  const [path = "", ...parts] = text.split(/,(?=(?:family|base|vendor|corpus)=)/);
  const facts: Record<string, string> = {};
  for (const part of parts) {
    const [key = "", value = ""] = [part.slice(0, part.indexOf("=")), part.slice(part.indexOf("=") + 1)];
    if (value === "" || facts[key] !== undefined) throw new UsageError(`${option}: ${part} says nothing`);
    facts[key] = idKey(value);
  }
  const { family, ...rest } = facts;
  if (option === "--shared" && (path !== "" || Object.keys(rest).length === 0 || family !== undefined))
    throw new UsageError("--shared takes base=B, vendor=V or corpus=C");
  return { path, family, facts: rest };
}

/** Base names of the files; with their folders where two would be the same. */
function namesOf(paths: readonly string[]): string[] {
  const short = paths.map((path) => basename(path).replace(/\.jsonl?$/, ""));
  return short.map((name, at) =>
    short.filter((other) => other === name).length > 1 ? (paths[at] as string) : name,
  );
}

function choice<T extends string>(given: string | undefined, option: string, all: readonly T[], usual: T): T {
  if (given === undefined) return usual;
  if (given === "secret")
    throw new UsageError("p_secret needs labels that were drawn: --commitment, --openings and --nonce");
  const found = all.find((one) => one === given);
  if (found === undefined) throw new UsageError(`${option} is one of: ${all.join(", ")}`);
  return found;
}

function thresholdOf(given: string | undefined): string | null {
  if (given === undefined) return null;
  if (!/^0?\.\d{1,15}$/.test(given) || Number(given) === 0 || Number(given) > 0.05)
    throw new UsageError("--threshold is a decimal of at most 0.05, such as 0.01");
  return `0.${given.slice(given.indexOf(".") + 1).replace(/0+$/, "")}`;
}
