import { isTrustedChain } from "../beacon/chains";
import { nonceOf } from "../beacon/nonce";
import type { PublicCommitment } from "../commitment";
import { CanaryError } from "../errors";
import { generatedItems, generatorRoot } from "../generator";
import { strictJsonOf } from "../json-lines";
import type { AnswerSet, JudgedItem, JudgeInput, ReferenceSet } from "../judge/input";
import { openedItem } from "../opened-item";
import { type CanaryTerms, parseTerms } from "../terms";
import { parseAnswers } from "../transcript/answers";
import { payloadSha256 } from "./payload";
import { type BundledAnswers, bundleSchema, type CanaryBundle } from "./schema";

/** A bundle from a file. Throws CanaryError "malformed" with the first fault. */
export function parseBundle(bytes: Uint8Array): CanaryBundle {
  const found = bundleSchema.safeParse(strictJsonOf(bytes, "The bundle"));
  if (found.success) return found.data as CanaryBundle;
  const [issue] = found.error.issues;
  throw new CanaryError(
    "malformed",
    `The bundle cannot be read: ${issue?.path.join(".") || "it"}: ${issue?.message ?? "wrong shape"}`,
  );
}

/**
 * What the judge is given: every opening is checked against the commitment, the nonce against its beacon, targets are
 * drawn again, and answers have the digest that the log states. Throws CanaryError, naming what does not fit.
 */
export function inputOfBundle(bundle: CanaryBundle): JudgeInput {
  const terms = parseTerms(bundle.terms);
  const nonce = nonceOfBundle(bundle, terms);
  const { size } = bundle.set;
  if (terms.items !== size)
    throw new CanaryError("terms-mismatch", `The terms name ${terms.items} items, the commitment ${size}`);
  return {
    terms,
    nonce,
    nonceIs: terms.beacon.kind === "drand" && !isTrustedChain(terms.beacon) ? "of-unknown-chain" : "verified",
    items: terms.generator === undefined ? opened(bundle, terms, nonce) : drawn(bundle, terms, nonce),
    size,
    original: answerSet(bundle.original, "original"),
    suspect: answerSet(bundle.suspect, "suspect"),
    references: bundle.references.map(
      (one): ReferenceSet => ({
        ...answerSet(one, "reference"),
        role: "reference",
        family: one.family ?? one.name,
        kin: one.kin,
        beforeReveal: one.beforeReveal,
      }),
    ),
    declaredShared: bundle.declaredShared === null ? null : originOf(bundle.declaredShared),
    order: bundle.order,
    setsOfNamespace: bundle.setsOfNamespace,
    pairsTried: bundle.pairsTried,
  };
}

function nonceOfBundle({ beacon }: CanaryBundle, terms: CanaryTerms): string | null {
  if (beacon === null) return null;
  if (beacon.kind === "log-checkpoint") return nonceOf(terms.beacon, beacon).nonce;
  const { round, signature, previousSignature } = beacon;
  const previous = previousSignature === null ? {} : { previous_signature: previousSignature };
  return nonceOf(terms.beacon, { kind: "drand", round: { round, signature, ...previous } }).nonce;
}

function opened({ set, openings }: CanaryBundle, terms: CanaryTerms, nonce: string | null): JudgedItem[] {
  if (openings.length === 0) return [];
  const { authorKeyId, ...rest } = set;
  if (authorKeyId === null)
    throw new CanaryError(
      "bad-commitment",
      "Openings cannot be checked: the commitment names no author's key",
    );
  const commitment: PublicCommitment = { ...rest, authorKeyId };
  const seen = new Set<number>();
  return openings.map((opening) => {
    const { index } = opening;
    if (seen.has(index)) throw new CanaryError("bad-opening", `Item ${index} is opened twice`, index);
    seen.add(index);
    return openedItem(opening, { commitment, kind: terms.kind, nonce });
  });
}

function drawn({ set }: CanaryBundle, terms: CanaryTerms, nonce: string | null): JudgedItem[] {
  const { generator } = terms;
  if (generator === undefined || nonce === null) return [];
  if (generatorRoot(generator) !== set.root)
    throw new CanaryError("bad-generator", "The commitment is not that of the program in the terms");
  const { setId, size: items } = set;
  return generatedItems(generator, { nonce, setId, items }).map((item, index) => ({ index, item }));
}

function answerSet<Role extends AnswerSet["role"]>(
  given: BundledAnswers,
  role: Role,
): AnswerSet & { readonly role: Role } {
  const { name, weights, authenticity, transcript, answers, logged, origin } = given;
  if (logged !== null && payloadSha256(logged.salt, answers) !== logged.sha256)
    throw new CanaryError(
      "bad-answers",
      `The answers of ${JSON.stringify(name)} are not those whose digest stands in the log`,
    );
  const what = `The answers of ${JSON.stringify(name)}`;
  return {
    role,
    name,
    weights,
    authenticity,
    transcript,
    // Of answers that nobody may read yet there are none here.
    answers: answers === "" ? [] : parseAnswers(answers, { what }),
    origin: originOf(origin),
  };
}

/** Without the members that are undefined. */
function originOf({ base, vendor, corpus }: BundledAnswers["origin"]) {
  return {
    ...(base === undefined ? {} : { base }),
    ...(vendor === undefined ? {} : { vendor }),
    ...(corpus === undefined ? {} : { corpus }),
  };
}
