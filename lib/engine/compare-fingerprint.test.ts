import { beforeAll, describe, expect, test, vi } from "vitest";
import { memoryRelease } from "../../tests/support/memory-release";
import { normals } from "../../tests/support/normals";
import { safetensorsOf } from "../../tests/support/safetensors-of";
import { llamaTensors } from "../../tests/support/small-weights";
import { compare } from ".";
import { fingerprintText } from "./fingerprint/document";
import { makeFullFingerprint } from "./fingerprint/make-full";
import { makeLightFingerprint } from "./fingerprint/make-light";
import { fingerprintReader } from "./io/source/fingerprint/open-fingerprint-release";
import type { ReleaseReader } from "./io/source/release";
import { builtInMethods } from "./methods/registry";
import type { ResultDocument } from "./result/document";
import { openWeights } from "./weights/open-weights";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 240_000 });

/** Fingerprints beside releases, on either side and as ancestor, through the whole of `compare`. */

const shape = { layers: 4, hidden: 64, inner: 256, vocabulary: 520 };
type Model = ReturnType<typeof llamaTensors>;
const everything = ["shared-base", "same-data-and-recipe", "same-seed"];

/** Every value changed by noise: what two honest mirrors of one base with noise, and two copies of a copy, look like. */
function plus(tensors: Model, seed: string, sd: number): Model {
  return new Map(
    [...tensors].map(([name, { shape: of, values }]) => {
      const noise = normals(seed, name, values.length);
      return [name, { shape: of, values: values.map((value, at) => value + sd * (noise[at] as number)) }];
    }),
  );
}

function release(tensors: Model, file = "model.safetensors"): ReleaseReader {
  const config = { model_type: "llama", hidden_size: shape.hidden, num_hidden_layers: shape.layers };
  return memoryRelease([
    { path: file, content: safetensorsOf(tensors) },
    { path: "config.json", content: config },
  ]);
}

async function printed(reader: ReleaseReader, light = false): Promise<ReleaseReader> {
  const weights = await openWeights(reader);
  if (weights === null) throw new Error("no weights");
  const document = light
    ? await makeLightFingerprint(reader, weights)
    : await makeFullFingerprint(reader, weights, { threads: 0 });
  return fingerprintReader(Buffer.from(fingerprintText(document)), 1e9);
}

interface Given {
  readonly ancestors?: readonly ReleaseReader[];
  readonly closed?: boolean;
  readonly level?: 1 | 2 | 3;
  readonly methods?: readonly string[];
}

async function result(
  original: ReleaseReader,
  suspect: ReleaseReader,
  given: Given,
): Promise<ResultDocument> {
  const { result: found, blobs } = await compare(
    { original, suspect, ancestors: given.ancestors ?? [], controls: [] },
    {
      methods: [...(given.methods ?? builtInMethods.keys())],
      nonce: "",
      screened: 1,
      level: given.level ?? 2,
      ...(given.closed ? { ancestorsClosed: true } : {}),
    },
    { threads: 0 },
  );
  blobs.close();
  return found;
}

/** The summary, found the same whichever side is named first. */
async function finding(a: ReleaseReader, b: ReleaseReader, given: Given = {}) {
  const [one, other] = [await result(a, b, given), await result(b, a, given)];
  const part = ({ summary }: ResultDocument) => ({
    relation: summary.relation,
    notIndependent: summary.notIndependent,
    cannotExclude: summary.cannotExclude,
    transformations: summary.transformations,
    codes: summary.reasons.map(({ code }) => code),
  });
  expect(part(other)).toEqual(part(one));
  const says = (document: ResultDocument) => document.methods.map(({ method, says: word }) => [method, word]);
  expect(says(other)).toEqual(says(one));
  const reasonsOf = (method: string) =>
    one.methods.find((outcome) => outcome.method === method)?.reasons.map(({ code }) => code) ?? [];
  return { ...part(one), says: new Map(one.methods.map((m) => [m.method, m.says])), reasonsOf };
}

const releases: Record<string, ReleaseReader> = {};
const prints: Record<string, ReleaseReader> = {};
const of = (from: Record<string, ReleaseReader>, name: string) => from[name] as ReleaseReader;
beforeAll(async () => {
  const base = llamaTensors("base", shape);
  const original = plus(base, "original", 0.004);
  for (const [name, tensors] of Object.entries({
    base,
    original,
    copy: plus(original, "noise", 0.001),
    sibling: plus(base, "sibling", 0.004),
  })) {
    releases[name] = release(tensors);
    prints[name] = await printed(of(releases, name));
  }
  // The same bytes under another file name are another release, and still the same weights.
  releases.mirror = release(original, "weights.safetensors");
  prints.lightBase = await printed(of(releases, "base"), true);
});

describe("a fingerprint as ancestor of fingerprints", () => {
  test("a copy is related at most, whatever was stated of the ancestors; nothing is excluded", async () => {
    for (const suspect of [of(prints, "copy"), of(releases, "copy")]) {
      const found = await finding(of(prints, "original"), suspect, {
        ancestors: [of(prints, "base")],
        closed: true,
      });
      expect(found).toMatchObject({ relation: "related", notIndependent: null, cannotExclude: everything });
      expect(found.says.get("weights/fingerprint")).toBe("matches");
      expect(found.reasonsOf("weights/fingerprint")).toContain("claimed-ancestor");
    }
  });

  test("what the base explains is shared ancestry, which excludes nothing either", async () => {
    const found = await finding(of(prints, "original"), of(prints, "sibling"), {
      ancestors: [of(prints, "base")],
    });
    expect(found).toMatchObject({
      relation: "shared-ancestry",
      notIndependent: null,
      cannotExclude: everything,
    });
  });

  test("a light one cannot be taken off, and the result says so", async () => {
    const found = await finding(of(prints, "original"), of(prints, "sibling"), {
      ancestors: [of(prints, "lightBase")],
      closed: true,
    });
    expect(found).toMatchObject({ relation: "related", notIndependent: null, cannotExclude: everything });
    expect(found.reasonsOf("weights/fingerprint")).toEqual(
      expect.arrayContaining(["claimed-ancestor", "ancestors-not-subtracted"]),
    );
  });
});

describe("a fingerprint as ancestor of two releases", () => {
  const closed = true;

  test("holds no values that could be set apart: a shared base is never excluded, even if stated", async () => {
    for (const base of ["base", "lightBase"]) {
      const ancestors = [of(prints, base)];
      const copied = await finding(of(releases, "original"), of(releases, "copy"), { ancestors, closed });
      expect(copied).toMatchObject({ relation: "derived", cannotExclude: ["shared-base"] });
      expect(copied.codes).toContain("ancestors-not-read");
      const same = await finding(of(releases, "original"), of(releases, "mirror"), { ancestors, closed });
      expect(same).toMatchObject({ relation: "identical", cannotExclude: ["shared-base"] });
    }
  });

  test("no group is private where an ancestor could not be read", async () => {
    const ancestors = [of(releases, "sibling"), of(prints, "base")];
    const found = await result(of(releases, "original"), of(releases, "copy"), { ancestors, closed });
    const independence = found.methods.find(({ method }) => method === "weights/independence");
    expect(independence?.statistics.private).toBeNull();
    expect(independence?.reasons.map(({ code }) => code)).toContain("private-groups-unknown");
  });

  test("at level 3 its sketches are taken off, and what they explain is not called derived", async () => {
    const given = { ancestors: [of(prints, "base")], level: 3 as const, closed };
    const siblings = await finding(of(releases, "original"), of(releases, "sibling"), given);
    expect(siblings.says.get("weights/fingerprint")).toBe("shared-ancestry");
    expect(siblings).toMatchObject({ relation: "related", notIndependent: true, cannotExclude: everything });
    expect(siblings.codes).toEqual(
      expect.arrayContaining(["differs-as-no-training-does", "fingerprint-explained"]),
    );
    const copied = await finding(of(releases, "original"), of(releases, "copy"), given);
    expect(copied.says.get("weights/fingerprint")).toBe("matches");
    expect(copied).toMatchObject({ relation: "derived", cannotExclude: ["shared-base"] });
  });

  test("beside the base itself it takes nothing away", async () => {
    const ancestors = [of(releases, "base"), of(prints, "base")];
    const found = await finding(of(releases, "original"), of(releases, "sibling"), { ancestors });
    expect(found).toMatchObject({ relation: "shared-ancestry" });
  });
});

test("an ancestor whose checkpoint is refused keeps nothing from being compared, and is said to be unread", async () => {
  const pickle = memoryRelease([
    { path: "pytorch_model.bin", content: Buffer.from("\x80\x02}q\x00.", "latin1") },
  ]);
  for (const level of [2, 3] as const) {
    const found = await finding(of(releases, "original"), of(releases, "copy"), {
      ancestors: [pickle],
      level,
      closed: true,
    });
    expect(found).toMatchObject({ relation: "derived", cannotExclude: ["shared-base"] });
    expect(found.reasonsOf("weights/aligned")).toContain("ancestors-not-read");
  }
});

test("two mirrors of a base that is given in other files: the base is the closest, and is not excluded", async () => {
  const other = memoryRelease([
    {
      path: "renamed/base.safetensors",
      content: safetensorsOf(new Map([...plus(llamaTensors("base", shape), "original", 0.004)].reverse())),
    },
  ]);
  for (const methods of [undefined, ["identity"]]) {
    const found = await result(of(releases, "original"), of(releases, "mirror"), {
      ancestors: [other],
      closed: true,
      ...(methods ? { methods } : {}),
    });
    expect(found.summary).toMatchObject({ relation: "identical", cannotExclude: ["shared-base"] });
    if (methods === undefined) expect(found.summary.closest).toBe("ancestor");
  }
});
