import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { StartProblem } from "@/lib/platform/errors/start-problem";
import { aboutNewKeys, keyRoles, openKeys } from "./keys";

let place: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), "slipmark-keys-"));
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

test("the first start makes four keys for their owner alone, and says where and what to do with them", () => {
  const folder = join(place, "keys");
  const keys = openKeys({ folder });
  expect(aboutNewKeys(keys)).toBe(
    `made the keys log, site, run, moderator in ${folder}
copy that folder to a safe place now, apart from the database and its backups:
without log.key this log can never be continued under its name, and whoever has the file can sign in its name`,
  );
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(readdirSync(folder).sort()).toEqual(["log.key", "moderator.key", "run.key", "site.key"]);
  for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
  // The next start has nothing to tell.
  expect(aboutNewKeys(openKeys({ folder }))).toBeNull();
});

test("one key that was made says so in the singular; keys of the environment are not told of", () => {
  const given = Object.fromEntries(
    keyRoles.slice(0, 3).map((role) => [role, Buffer.alloc(32, role.length).toString("base64")]),
  );
  const keys = openKeys({ folder: place, given });
  expect(aboutNewKeys(keys)).toMatch(/^made the key moderator in /);
  expect(keys.given).toEqual(["log", "site", "run"]);
  expect(readdirSync(place)).toEqual(["moderator.key"]);
});

test("an instance that has its keys already makes none: it says which is missing and how to bring it", () => {
  expect(() => openKeys({ folder: place, make: false })).toThrow(
    new StartProblem(
      `${join(place, "log.key")} is not here, and this log has its keys already: copy the key folder of the machine that has it, or set SLIPMARK_LOG_KEY`,
    ),
  );
  expect(readdirSync(place)).toEqual([]);
});

test("what is no Ed25519 key is refused by name, and none of it is repeated", () => {
  const rsa = generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey.export({
    format: "pem",
    type: "pkcs8",
  });
  const folder = join(place, "files");
  openKeys({ folder });
  for (const content of ["c2hvcnQ=", "-----BEGIN PRIVATE KEY-----\nsecret\n", rsa.toString()]) {
    expect(() => openKeys({ folder: place, given: { run: content } })).toThrow(
      new StartProblem("SLIPMARK_RUN_KEY is not an Ed25519 private key (PKCS #8 PEM, or 32 bytes in base64)"),
    );
    expect(() => openKeys({ folder: place, given: { previousLog: content } })).toThrow(
      "SLIPMARK_LOG_KEY_PREVIOUS is not",
    );
    writeFileSync(join(folder, "site.key"), content);
    expect(() => openKeys({ folder })).toThrow(`${join(folder, "site.key")} is not`);
  }
});
