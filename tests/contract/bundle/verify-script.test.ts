import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { inFolder, madeBundle } from "./made-bundle";

/** Runs verify.py in a folder of its own, as somebody does who has unpacked a bundle. */
function verify(files: ReadonlyMap<string, Uint8Array>, ...args: string[]) {
  return inFolder((folder) => {
    for (const [name, bytes] of files) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), bytes);
    }
    const { status, stdout, stderr } = spawnSync("python3", ["verify.py", ...args], {
      cwd: folder,
      encoding: "utf8",
    });
    return { status, stdout, stderr };
  });
}

function flipped(files: ReadonlyMap<string, Uint8Array>, name: string, at: number): Map<string, Uint8Array> {
  const bytes = Uint8Array.from(files.get(name) ?? []);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  return new Map([...files, [name, bytes]]);
}

const whole = madeBundle({ witness: true, timestamp: true });

describe("verify.py", () => {
  test.each([
    ["a plain entry", madeBundle()],
    ["the only entry of a log", madeBundle({ size: 1, index: 0 })],
    ["the last of an uneven tree", madeBundle({ size: 13, index: 12 })],
    ["a run", madeBundle({ kind: "verify" })],
    ["an author's SSH key", madeBundle({ ssh: true })],
    ["a witness and a timestamp", whole],
  ])("accepts %s", (_, { files }) => {
    const { status, stdout, stderr } = verify(files);
    expect(stdout + stderr).toContain("Every check holds.");
    expect(status).toBe(0);
  });

  test("refuses an SSH signature with one bit changed, and one by another key", () => {
    const { files } = madeBundle({ ssh: true });
    for (const name of ["statement.json", "public-key.pem", "leaf.json"])
      expect(verify(flipped(files, name, Math.floor((files.get(name)?.length ?? 0) / 2))).status).toBe(1);
  });

  test("says what it saw", () => {
    const { stdout } = verify(whole.files);
    expect(stdout).toContain("ok  the checkpoint is signed by the log (ledger.example/log, 11 entries)");
    expect(stdout).toContain("ok  the leaf stands in the log (entry 6 of 11)");
    expect(stdout).toContain("witness.example/w1, 2026-03-01 08:00:00 UTC");
    expect(stdout).toMatch(
      /an outside authority dated the checkpoint \(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\)/,
    );
  });

  // verify.py itself is the one file that nothing in the folder vouches for: its hash stands on the site.
  test.each([...whole.files.keys()].filter((name) => name !== "verify.py"))(
    "refuses %s with one bit changed",
    (name) => {
      const length = whole.files.get(name)?.length ?? 0;
      for (const at of [0, Math.floor(length / 3), Math.floor(length / 2), length - 1]) {
        const { status, stdout } = verify(flipped(whole.files, name, at));
        expect({ name, at, status }).toEqual({ name, at, status: 1 });
        expect(stdout).toMatch(/^FAIL {2}\S+: .+$/m);
      }
    },
  );

  test.each([...whole.files.keys()].filter((name) => !["verify.py", "README.txt"].includes(name)))(
    "refuses a bundle without %s",
    (name) => {
      const files = new Map(whole.files);
      files.delete(name);
      expect(verify(files).status).toBe(1);
    },
  );

  test("refuses a file that does not belong to it, and parts of another bundle", () => {
    expect(verify(new Map([...whole.files, ["notes.txt", Buffer.from("x")]])).status).toBe(1);
    const other = madeBundle({ witness: true, timestamp: true });
    for (const name of [
      "statement.json",
      "leaf.json",
      "public-key.pem",
      "entry.tlog-proof",
      "log.vkey",
      "witnesses.vkeys",
      "timestamp.tsr",
      "timestamp.note",
    ]) {
      const { status } = verify(new Map([...whole.files, [name, other.files.get(name) ?? Buffer.of()]]));
      expect({ name, status }).toEqual({ name, status: 1 });
    }
  });

  test("holds a bundle against the key that its reader trusts", () => {
    inFolder((elsewhere) => {
      const trusted = join(elsewhere, "trusted.vkey");
      writeFileSync(trusted, `${whole.logKey}\n`);
      expect(verify(whole.files, "--log-key", trusted).status).toBe(0);
      writeFileSync(trusted, `${madeBundle().logKey}\n`);
      const { status, stdout } = verify(whole.files, "--log-key", trusted);
      expect(status).toBe(1);
      expect(stdout).toContain("FAIL  entry.tlog-proof: the log has not signed it");
    });
  });
});
