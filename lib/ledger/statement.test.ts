import { describe, expect, it } from "vitest";
import { z } from "zod";
import { predicateSchema } from "./json-schemas";
import { ledgerKinds } from "./kinds";
import { type Predicate, predicates, type UsedKind } from "./predicates";
import { statementBytes } from "./statement";

const salt = "5a".repeat(32);
const actor = { role: "registrant", name: `sha256:${"11".repeat(32)}` } as const;
const commit = "b02e4d7872bafd5a376e604ee069c2342f11062d";
const subjects = [{ name: "hf:north-lab/slip-2b", digest: { gitCommit: commit } }];
const commitment: Predicate<"commit"> = {
  salt,
  actor,
  model: "mdl_0123456789",
  setId: "ab".repeat(16),
  root: "cd".repeat(32),
  items: 24,
  kind: "random-label",
  authorKeyId: "ef".repeat(32),
  namespace: { kind: "account", name: null },
  terms: null,
  plan: null,
  checkpoint: null,
};

describe("statementBytes", () => {
  it("writes an in-toto v1 statement as canonical JSON, whatever the order of the fields", () => {
    const shuffled = Object.fromEntries(Object.entries(commitment).reverse()) as typeof commitment;
    const first = statementBytes("commit", subjects, commitment);
    expect(statementBytes("commit", subjects, shuffled)).toEqual(first);
    expect(first.json).toBe(
      `{"_type":"https://in-toto.io/Statement/v1","predicate":{"actor":{"name":"sha256:${"11".repeat(32)}","role":"registrant"},` +
        `"authorKeyId":"${"ef".repeat(32)}","checkpoint":null,"items":24,"kind":"random-label","model":"mdl_0123456789",` +
        `"namespace":{"kind":"account","name":null},"plan":null,"root":"${"cd".repeat(32)}","salt":"${salt}","setId":"${"ab".repeat(16)}","terms":null},` +
        `"predicateType":"urn:slipmark:statement:commit:v1","subject":[{"digest":{"gitCommit":"${commit}"},"name":"hf:north-lab/slip-2b"}]}`,
    );
  });

  it.each([
    ["a field nobody declared", { ...commitment, note: "they took it" }],
    ["free text in place of a code", { ...commitment, kind: "our best set" }],
    ["a short salt", { ...commitment, salt: "5a" }],
    ["a zero count", { ...commitment, items: 0 }],
  ])("refuses %s", (_, predicate) => {
    expect(() => statementBytes("commit", subjects, predicate as typeof commitment)).toThrow(z.ZodError);
  });

  it("refuses a statement about nothing", () => {
    expect(() => statementBytes("commit", [], commitment)).toThrow(z.ZodError);
    expect(() => statementBytes("commit", [{ name: "release", digest: {} }], commitment)).toThrow(z.ZodError);
  });

  it("states a run as a verification summary that judges nothing", () => {
    const { json } = statementBytes("verify", subjects, {
      salt,
      actor,
      case: "SLP-2026-0001",
      run: "run_0123456789",
      finishedAt: "2026-01-02T03:04:05.000Z",
      result: "aa".repeat(32),
      capsule: "bb".repeat(32),
      build: "cc".repeat(32),
      methods: [{ method: "identity", version: "1", says: "different" }],
      relation: "inconclusive",
    });
    const statement = JSON.parse(json);
    expect(statement.predicateType).toBe("https://slsa.dev/verification_summary/v1");
    expect(statement.predicate).toMatchObject({
      verificationResult: "PASSED",
      policy: { uri: "urn:slipmark:policy:reproducible-run:v1" },
      "urn:slipmark:statement:verify:v1": { salt, relation: "inconclusive" },
    });
  });
});

describe("published schemas", () => {
  const used = Object.keys(predicates) as UsedKind[];

  it("cover kinds of the closed list only", () => {
    expect(used.filter((kind) => !ledgerKinds.includes(kind))).toEqual([]);
  });

  // Out of date? `npx vitest run lib/ledger -u` writes them again; review the difference as a change of format.
  it.each(used)("docs/schemas/ledger/%s.json is current", async (kind) => {
    await expect(predicateSchema(kind)).toMatchFileSnapshot(`../../docs/schemas/ledger/${kind}.json`);
  });
});
