import { z } from "zod";
import { beaconSchema } from "@/lib/engine/canary";
import { checkpointCitation } from "./order";
import { redactionReasons, redactionScopes } from "./redaction/reasons";

// A statement is public for ever, so a predicate holds ids, codes, numbers and digests only. Whatever a person wrote
// (texts, names, addresses in texts) stands in a payload that can be erased: here is only its salted digest.

const hex = (digits: number) => z.string().regex(new RegExp(`^[0-9a-f]{${digits}}$`));
const sha256 = hex(64);
/** "sha256:" + hex of the payload formula of payload.ts. */
const payload = z.string().regex(/^sha256:[0-9a-f]{64}$/);
/** A closed code or a method id: never a sentence. */
const code = z.string().regex(/^[a-z0-9][a-z0-9._/@-]{0,63}$/);
const id = (prefix: string) => z.string().regex(new RegExp(`^${prefix}_[0-9a-z]{4,40}$`));
const caseId = z.string().regex(/^[A-Z][A-Z0-9]{0,15}-\d{4}-\d{4,}$/);
const time = z.iso.datetime({ offset: false });
const side = z.enum(["original", "suspect"]);
const role = z.enum(["original", "suspect", "ancestor", "control"]);
const release = z.strictObject({
  source: z.enum(["hf", "github"]),
  repository: z.string().regex(/^[\w.-]{1,100}\/[\w.-]{1,100}$/),
  commit: hex(40),
});

const shape = {
  /** 32 random bytes: without them leaf hash and signature would confirm guesses of an erased statement. */
  salt: sha256,
  /** In which capacity somebody acted; the public name is a payload, salted anew each time, so that acts do not link. */
  actor: z.strictObject({
    role: z.enum(["registrant", "reporter", "party", "member", "moderator", "site"]),
    name: payload.nullable(),
  }),
};
const predicate = <Shape extends z.ZodRawShape>(fields: Shape) => z.strictObject({ ...shape, ...fields });

/** Predicate of each kind. All fields are required; what does not apply is null. */
export const predicates = {
  register: predicate({
    model: id("mdl"),
    release,
    name: payload,
    statement: payload.nullable(),
    fingerprint: z.strictObject({ schema: z.string().regex(/^slipmark\.[a-z-]+\/v\d+$/), sha256 }),
  }),
  /** A set of canaries, before anything was trained on it; again, with the model, once that is registered. */
  commit: predicate({
    model: id("mdl").nullable(),
    setId: hex(32),
    root: sha256,
    items: z.int().min(1),
    kind: z.enum(["random-label", "natural", "generator"]),
    /** Part of the preimage of every item's hash. */
    authorKeyId: sha256.nullable(),
    /** Under which name the set is counted. "huggingface": proved here; "account": none but the account itself. */
    namespace: z.strictObject({ kind: z.enum(["huggingface", "account"]), name: payload.nullable() }),
    /** slipmark.canary-terms/v1 as canonical JSON: it holds what its author wrote. */
    terms: payload.nullable(),
    /** What has to be known of the terms even if their text should have to go. */
    plan: z
      .strictObject({
        primary: z.enum(["secret", "robust", "rank"]),
        threshold: z.string().regex(/^0\.\d{0,14}[1-9]$/),
        deadline: z.string().regex(/^\d{4}-\d{2}-\d{2}$/),
        beacon: beaconSchema,
      })
      .nullable(),
    checkpoint: checkpointCitation.nullable(),
  }),
  /** Answers of one model to a set, by digests: what they are may stay unread until the reveal. */
  responses: predicate({
    set: hex(32),
    answers: id("ans"),
    role: z.enum(["original", "suspect", "reference"]),
    name: payload,
    release: release.nullable(),
    /** Digest of the weights that answered. */
    weights: sha256.nullable(),
    /** Root over the lines of the transcript. */
    transcript: sha256.nullable(),
    /** The payload formula over a salt and the answers, as plain digits: salt and bytes can be read after the reveal. */
    answersSha256: sha256,
    calls: z.int().min(0),
    adapter: code,
    authenticity: z.enum(["claimed", "re-run", "two-collectors"]),
    /** The first collector's answers, if these are the second's. */
    confirms: id("ans").nullable(),
    checkpoint: checkpointCitation.nullable(),
  }),
  reveal: predicate({
    set: hex(32),
    /** Number of the reveal, from 1. */
    batch: z.int().min(1),
    /** How many it opens. */
    items: z.int().min(1),
    /** Every item of the set is open now. */
    complete: z.boolean(),
    /** The openings as JSON Lines. */
    openings: payload,
    /** Answers that may be read from now on. */
    answers: z.array(id("ans")),
    checkpoint: checkpointCitation.nullable(),
  }),
  capture: z.union([
    predicate({
      capture: id("cap"),
      release,
      observedAt: time,
      files: sha256,
      metadata: sha256,
      /** What the log held when it was recorded: nothing in it is later than this observation. */
      checkpoint: checkpointCitation.nullable(),
    }),
    /** Of a link in a text: what its address answered when we asked. */
    predicate({
      capture: id("lnk"),
      case: caseId,
      post: id("pst"),
      address: payload,
      /** Where it led in the end, if elsewhere. */
      finalAddress: payload.nullable(),
      observedAt: time,
      status: z.int().min(100).max(999).nullable(),
      /** Of the body as it came; null when none was had. */
      content: z.strictObject({ sha256, size: z.int().min(0) }).nullable(),
      failure: code.nullable(),
      checkpoint: checkpointCitation.nullable(),
    }),
  ]),
  open: predicate({
    case: caseId,
    releases: z.array(z.strictObject({ role, ...release.shape })),
    /** Why it opened: "replied", "clock-run-out", "evidence-at-risk", … */
    reason: code,
  }),
  notify: predicate({ case: caseId, replyDueAt: time, notice: payload.nullable() }),
  state: predicate({ case: caseId, from: code, to: code, reason: code.nullable(), note: payload.nullable() }),
  claim: predicate({ case: caseId, number: z.int().min(1), kind: code, method: code, text: payload }),
  evidence: predicate({
    case: caseId,
    post: id("pst"),
    version: z.int().min(1),
    claim: z.int().min(1).nullable(),
    interest: code,
    text: payload,
  }),
  reply: predicate({
    case: caseId,
    post: id("pst"),
    version: z.int().min(1),
    claim: z.int().min(1).nullable(),
    /** The post it answers, if any. */
    parent: id("pst").nullable(),
    /** The side a named party speaks for; null for everybody else. */
    side: side.nullable(),
    interest: code,
    text: payload,
  }),
  request: predicate({
    case: caseId.nullable(),
    run: id("run"),
    methods: z.array(code).min(1),
    rerunOf: id("run").nullable(),
  }),
  verify: z.union([
    predicate({
      case: caseId.nullable(),
      run: id("run"),
      finishedAt: time,
      /** Digest of slipmark.result/v1. */
      result: sha256,
      capsule: sha256,
      /** Engine build that computed it. */
      build: sha256,
      methods: z.array(z.strictObject({ method: code, version: code, says: code })),
      relation: code,
    }),
    /** Of canaries: one suspect's answers judged. */
    predicate({
      judgement: id("jdg"),
      set: hex(32),
      finishedAt: time,
      /** Digest of slipmark.canary-result/v1. */
      result: sha256,
      /** Engine build that computed it; null: the site's own process. */
      build: sha256.nullable(),
      original: id("ans"),
      suspect: id("ans"),
      references: z.array(id("ans")),
      /** Of the judge, canary/judge. */
      version: code,
      says: code,
      movesFinding: z.boolean(),
      checkpoint: checkpointCitation.nullable(),
    }),
  ]),
  /**
   * Somebody ran a result again on a machine of their own. It is their word, so an author's key or the site's signs it,
   * never the key of this instance's runs.
   */
  reproduce: predicate({
    reproduction: id("rep"),
    case: caseId,
    run: id("run"),
    /** Digest of the recorded slipmark.result/v1. */
    result: sha256,
    /** Digest that came out. */
    computed: sha256,
    same: z.boolean(),
    from: z.enum(["repositories", "capsule"]),
    /** Engine build that computed it, as they state; null: it ran from source. */
    build: sha256.nullable(),
    /** Declared by whoever ran it: a party's own run is not an independent one. */
    interest: code,
  }),
  finding: predicate({
    case: caseId,
    finding: code,
    reasons: z.array(code),
    /** Digests of the results it was generated from. */
    results: z.array(sha256),
  }),
  /** How a case ended. What it was found on stands in the statement "finding" beside it. */
  outcome: predicate({
    case: caseId,
    state: z.enum(["resolved", "withdrawn"]),
    finding: code,
    by: z.enum(["reporter", "moderators"]),
    /** How many people decided: a second one, or one alone after a day. */
    people: z.int().min(1).max(2),
    /** Until when an appeal is taken; null where nothing was decided here. */
    appealUntil: time.nullable(),
  }),
  correct: predicate({
    case: caseId.nullable(),
    post: id("pst").nullable(),
    version: z.int().min(1),
    text: payload,
  }),
  /** What was seen of a registered model after its registration: a fingerprint of its weights, or an early checkpoint. */
  observe: predicate({
    model: id("mdl"),
    fingerprint: z
      .strictObject({
        schema: z.string().regex(/^slipmark\.[a-z-]+\/v\d+$/),
        sha256,
        /** computed: by this instance, from the registered release; author: handed in by the registrant. */
        origin: z.enum(["computed", "author"]),
        build: sha256.nullable(),
        signedBy: sha256.nullable(),
      })
      .nullable(),
    checkpoint: z
      .strictObject({
        id: id("ckp"),
        release,
        label: z.enum(["initial", "early", "step"]),
        step: z.int().min(0).nullable(),
      })
      .nullable(),
  }),
  withdraw: predicate({
    what: z.enum(["model", "case", "post"]),
    id: z.union([id("mdl"), id("pst"), caseId]),
    reason: payload.nullable(),
  }),
  /** An account was accepted as the voice of a namespace that published one of a case's releases. */
  namespace: predicate({
    case: caseId,
    party: id("pty"),
    side,
    /** The namespace, as the case names it. */
    name: payload,
    /** Public name of the account that speaks for it. */
    speaker: payload.nullable(),
    /** What showed that it is theirs: "challenge-file", "card-contact", … */
    basis: code,
  }),
  moderate: predicate({
    case: caseId.nullable(),
    action: code,
    subject: z.union([id("[a-z]{3}"), caseId]),
    reason: code.nullable(),
    note: payload.nullable(),
  }),
  /** A key of the instance was replaced. Keys by the SHA-256 of their SubjectPublicKeyInfo. */
  rotate: predicate({
    role: z.enum(["log", "site", "run", "moderator"]),
    previous: sha256,
    next: sha256,
  }),
  /** Somebody whom the end of a case concerns asks for another look at it. Their reasons are the post. */
  appeal: predicate({
    case: caseId,
    post: id("pst"),
    against: z.enum(["resolved", "withdrawn"]),
    by: z.enum(["reporter", "party"]),
    /** The side a named party speaks for; null for the reporter. */
    side: side.nullable(),
    grounds: code,
  }),
  supersede: predicate({
    what: z.enum(["model", "case", "post", "run"]),
    id: z.union([id("[a-z]{3}"), caseId]),
    by: z.union([id("[a-z]{3}"), caseId]),
    reason: code.nullable(),
  }),
  /** A version of a method that proved wrong: no result of it counts any more. */
  recall: predicate({ method: code, version: code, reason: code, note: payload.nullable() }),
  /**
   * What an entry said is gone: its statement and all payloads it cites ("entry"), or the payload of the actor's name
   * alone ("name"). It proves that this was done, by whom and on what ground, not that it was right.
   */
  tombstone: predicate({
    index: z.int().min(0),
    scope: z.enum(redactionScopes),
    reason: z.enum(redactionReasons),
    /** SHA-256 of the reference of whoever demanded it, as it was written down here. */
    authority: sha256,
  }),
} as const;

/** The kinds that can be recorded in this version. */
export type UsedKind = keyof typeof predicates;
export type Predicate<Kind extends UsedKind> = z.infer<(typeof predicates)[Kind]>;
type Without<Union> = Union extends unknown ? Omit<Union, "salt" | "actor"> : never;
/** What a command states; salt and actor are added when the statement is made. */
export type Facts<Kind extends UsedKind> = Without<Predicate<Kind>>;
export type ActorRole = Predicate<"register">["actor"]["role"];
