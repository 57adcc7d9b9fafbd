import { join } from "node:path";
import { expect, test } from "vitest";
import { folderBlobs } from "@/lib/platform/blobs/folder";
import { systemClock } from "@/lib/platform/clock";
import { checkSharedSecrets } from "@/lib/platform/supervisor/shared-secrets";
import { publishEngineBuild } from "@/lib/verification/server";
import { testDatabase } from "@/tests/support/database";
import { engineBundlePath } from "@/tests/support/engine-bundle";
import { runNode, temporaryFolder } from "@/tests/support/run-node";

const { url, db } = await testDatabase();
const shared = {
  NEXTAUTH_SECRET: "the same secret on every machine, 32+",
  NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: Buffer.alloc(32, "the same").toString("base64"),
};
await checkSharedSecrets(db, shared, { replace: false });

/** What a worker of another machine says before it gives up. */
async function refusal(change: Readonly<Record<string, string>>): Promise<string> {
  const env = { ...shared, DATABASE_URL: url, SLIPMARK_DATA: await temporaryFolder(), ...change };
  const worker = runNode("bin/worker.ts", { env });
  expect(await worker.ended).toEqual({ code: 1, signal: null });
  return worker.output();
}

test.each(["NEXTAUTH_SECRET", "NEXT_SERVER_ACTIONS_ENCRYPTION_KEY"])(
  "another %s, or none: one line, and no start",
  async (name) => {
    const said = `slipmark: ${name} is not the one the other sites of this database use: set the same value on every machine (npm start renews it for all)\n`;
    expect(await refusal({ [name]: Buffer.alloc(32, "another").toString("base64") })).toBe(said);
    expect(await refusal({ [name]: "" })).toBe(said);
  },
);

test("another blob store, one that is away, or one without keys: one line, and no start", async () => {
  const blobs = folderBlobs(join(await temporaryFolder(), "blobs"));
  await publishEngineBuild({ db, blobs, clock: systemClock }, await engineBundlePath());
  const elsewhere = await temporaryFolder();
  expect(await refusal({ SLIPMARK_BLOBS: elsewhere })).toBe(
    `slipmark: SLIPMARK_BLOBS (${elsewhere}) is not the store the others of this database use: name the same one on every machine\n`,
  );
  const away = {
    SLIPMARK_BLOBS: "s3://slipmark/blobs",
    S3_ENDPOINT: "http://127.0.0.1:9",
    S3_ACCESS_KEY_ID: "key",
    S3_SECRET_ACCESS_KEY: "secret-word",
  };
  const said = await refusal(away);
  expect(said).toMatch(
    /^slipmark: cannot read SLIPMARK_BLOBS \(s3:\/\/slipmark\/blobs\): .*ECONNREFUSED.*\n$/,
  );
  expect(said).not.toContain("secret-word");
  expect(await refusal({ SLIPMARK_BLOBS: "s3://slipmark/blobs" })).toBe(
    "slipmark: SLIPMARK_BLOBS is an S3 bucket, but S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY are not set\n",
  );
});
