import { describe, expect, test } from "vitest";
import { verifyBundle } from "@/lib/engine/log";
import { madeBundle } from "./made-bundle";

const own = { logKeys: null, witnessKeys: null };
const whole = madeBundle({ witness: true, timestamp: true });

function problem(files: ReadonlyMap<string, Uint8Array>, trust: Parameters<typeof verifyBundle>[1] = own) {
  const steps = verifyBundle(files, trust);
  expect(steps.slice(0, -1).every((step) => step.ok)).toBe(true);
  const last = steps.at(-1);
  return last?.ok === false ? last.detail : null;
}

describe("verifyBundle, on bundles made from the specifications alone", () => {
  test.each([
    ["a plain entry", madeBundle(), ["leaf", "statement", "belongs", "payloads", "checkpoint", "inclusion"]],
    ["the only entry of a log", madeBundle({ size: 1, index: 0 }), null],
    ["the last of an uneven tree", madeBundle({ size: 13, index: 12 }), null],
    ["a run", madeBundle({ kind: "verify" }), null],
    ["an author's SSH key", madeBundle({ ssh: true }), null],
    [
      "a witness and a timestamp",
      whole,
      ["leaf", "statement", "belongs", "payloads", "checkpoint", "inclusion", "witness", "timestamp"],
    ],
  ])("accepts %s", (_, { files, logKey }, ids) => {
    expect(problem(files)).toBeNull();
    expect(problem(files, { ...own, logKeys: [logKey] })).toBeNull();
    if (ids) expect(verifyBundle(files, own).map((step) => step.id)).toEqual(ids);
  });

  // The token's signature and the authority's root are for openssl; README and script carry no evidence.
  const unread = ["timestamp.tsr", "timestamp-ca.pem", "README.txt", "verify.py"];

  test.each([...whole.files.keys()].filter((name) => !unread.includes(name)))(
    "refuses %s with any byte changed",
    (name) => {
      const bytes = whole.files.get(name) ?? new Uint8Array();
      const passed: number[] = [];
      for (let at = 0; at < bytes.length; at += 3) {
        const changed = Uint8Array.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ 1;
        const found = problem(new Map([...whole.files, [name, changed]]));
        if (found === null || !/^\S+: ./.test(found)) passed.push(at);
      }
      expect(passed).toEqual([]);
    },
  );

  test.each([...whole.files.keys()].filter((name) => !["README.txt", "verify.py"].includes(name)))(
    "refuses a bundle without %s",
    (name) => {
      const files = new Map(whole.files);
      files.delete(name);
      expect(problem(files)).toContain("is missing");
    },
  );

  test("refuses a stranger's file, parts of another bundle, and another log's key", () => {
    expect(problem(new Map([...whole.files, ["notes.txt", Uint8Array.of(1)]]))).toContain("notes.txt");
    const other = madeBundle({ witness: true, timestamp: true });
    for (const name of [
      "statement.json",
      "leaf.json",
      "public-key.pem",
      "entry.tlog-proof",
      "log.vkey",
      "timestamp.note",
    ])
      expect(
        problem(new Map([...whole.files, [name, other.files.get(name) ?? Uint8Array.of()]])),
      ).not.toBeNull();
    expect(problem(whole.files, { ...own, logKeys: [other.logKey] })).toContain("no known key signed");
    expect(problem(whole.files, { ...own, logKeys: [] })).not.toBeNull();
  });

  test("empty, and nonsense in every file, is one clear answer", () => {
    expect(problem(new Map())).toBe("leaf.json: is missing");
    for (const name of whole.files.keys()) {
      if (unread.includes(name)) continue;
      for (const junk of [Uint8Array.of(), Uint8Array.of(0xff, 0xfe), new TextEncoder().encode("{}")])
        if (!(name === "witnesses.vkeys" && junk.length === 0))
          expect(problem(new Map([...whole.files, [name, junk]])), name).not.toBeNull();
    }
  });
});
