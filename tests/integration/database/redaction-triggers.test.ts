import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { redactedDocument, redactionMark } from "@/lib/ledger";
import { testDatabase } from "@/tests/support/database";

const { url } = await testDatabase();
const client = new Client({ connectionString: url });
const refused = { code: "42501" };
const mark = `'${redactionMark}'`;

/** A row of each kind that can be redacted, twice: the first of each is named by a redaction, the second is not. */
const rows = `
  INSERT INTO "user" (id, name) VALUES ('usr_1', 'A');
  INSERT INTO "case" (id, public_id, reporter_id, interest) VALUES ('cse_1', 'SLP-2026-0001', 'usr_1', 'none'), ('cse_2', 'SLP-2026-0002', 'usr_1', 'none');
  INSERT INTO post (id, case_id, kind, author_id, interest) VALUES ('pst_1', 'cse_1', 'evidence', 'usr_1', 'none'), ('pst_2', 'cse_1', 'evidence', 'usr_1', 'none');
  INSERT INTO post_version (id, post_id, version, body, kind) VALUES ('ver_1', 'pst_1', 1, 'b', 'first'), ('ver_2', 'pst_2', 1, 'b', 'first');
  INSERT INTO case_event (case_id, sequence, type, data) VALUES
    ('cse_1', 1, 'case-notified', '{"replyDueAt": "x", "notice": {"en": "e", "zh": "z"}}'),
    ('cse_1', 2, 'case-notified', '{"replyDueAt": "x", "notice": {"en": "e", "zh": "z"}}');
  INSERT INTO case_record (id, case_id, position, date, text_en, text_zh, source_kind, source) VALUES
    ('rec_1', 'cse_1', 1, '2024', 'e', 'z', 'file', 's'), ('rec_2', 'cse_2', 1, '2024', 'e', 'z', 'file', 's');
  INSERT INTO link_capture (id, url, captured_at) VALUES ('lnk_1', 'https://a.example/', now()), ('lnk_2', 'https://b.example/', now());
  INSERT INTO post_link (id, version_id, url, position, capture_id) VALUES ('plk_2', 'ver_2', 'https://b.example/', 0, 'lnk_2');
  INSERT INTO run (id, case_id, parameters) VALUES ('run_1', 'cse_1', '{}'), ('run_2', 'cse_1', '{}');
  INSERT INTO run_result (run_id, digest, document, capsule_sha256, capsule_size, build)
    VALUES ('run_1', 'd', '{}', 's', 1, 'b'), ('run_2', 'd', '{}', 's', 1, 'b');
  INSERT INTO method_recall (id, method, version, reason, note, by_id, created_at) VALUES
    ('rcl_1', 'code', '1', 'r', 'n', 'usr_1', now()), ('rcl_2', 'code', '2', 'r', 'n', 'usr_1', now());
  INSERT INTO log_redaction (id, dedup_key, scope, kind, about, reason, authority, proposed_by_id, proposed_at, erased_by_id, erased_at)
    SELECT 'rdc_' || n, key, 'entry', split_part(key, ':', 1), 'a', 'privacy', 'x', 'usr_1', now(), 'usr_1', now()
    FROM unnest(ARRAY['evidence:SLP-2026-0001:pst_1:1', 'notify:SLP-2026-0001:1', 'state:SLP-2026-0001:1', 'verify:run_1', 'recall:code@1'])
    WITH ORDINALITY AS given (key, n);
  INSERT INTO log_redaction (id, dedup_key, scope, kind, about, reason, authority, proposed_by_id, proposed_at)
    VALUES ('rdc_proposed', 'evidence:SLP-2026-0001:pst_2:1', 'entry', 'evidence', 'a', 'privacy', 'x', 'usr_1', now());
`;

beforeAll(async () => {
  await client.connect();
  await client.query(rows);
});
afterAll(() => client.end());

const notice = `jsonb_set(data, '{notice}', jsonb_build_object('en', ${mark}, 'zh', ${mark}))`;
const link = `url = ${mark}, final_url = NULL, sha256 = NULL, size = NULL, content_type = NULL`;
const record = `text_en = ${mark}, text_zh = ${mark}, source = ${mark}, source_url = NULL`;

describe.each([
  [
    "post_version",
    "id = 'ver_1'",
    "id = 'ver_2'",
    `body = ${mark}, redaction_id = 'rdc_1'`,
    "body = 'other words', redaction_id = 'rdc_1'",
  ],
  [
    "case_event",
    "case_id = 'cse_1' AND sequence = 1",
    "case_id = 'cse_1' AND sequence = 2",
    `data = ${notice}`,
    `data = '{}'`,
  ],
  ["case_record", "id = 'rec_1'", "id = 'rec_2'", record, `${record}, date = '2025'`],
  [
    "run_result",
    "run_id = 'run_1'",
    "run_id = 'run_2'",
    `document = '${redactedDocument}', redaction_id = 'rdc_4'`,
    "document = '{\"methods\":[]}', redaction_id = 'rdc_4'",
  ],
  ["link_capture", "id = 'lnk_1'", "id = 'lnk_2'", link, `${link}, status = 200`],
  ["method_recall", "id = 'rcl_1'", "id = 'rcl_2'", "note = NULL", "note = NULL, reason = 'other'"],
])("%s", (table, named, other, erasure, more) => {
  test("refuses the mark where no redaction names the row", async () => {
    await expect(client.query(`UPDATE ${table} SET ${erasure} WHERE ${other}`)).rejects.toMatchObject(
      refused,
    );
  });
  test("refuses anything but the mark where one does", async () => {
    await expect(client.query(`UPDATE ${table} SET ${more} WHERE ${named}`)).rejects.toMatchObject(refused);
    await expect(client.query(`DELETE FROM ${table} WHERE ${named}`)).rejects.toThrow();
  });
  test("takes the mark there", async () => {
    const { rowCount } = await client.query(`UPDATE ${table} SET ${erasure} WHERE ${named}`);
    expect(rowCount).toBe(1);
  });
});

test("a redaction that is only proposed opens nothing", async () => {
  await expect(
    client.query(`UPDATE post_version SET body = ${mark}, redaction_id = 'rdc_proposed' WHERE id = 'ver_2'`),
  ).rejects.toMatchObject(refused);
});

test("a redaction keeps its ground and what it took; only a proposal can go", async () => {
  for (const change of [
    "reason = 'safety'",
    "authority = 'y'",
    "dedup_key = 'evidence:SLP-2026-0001:pst_2:1:x'",
    "erased_at = now() + interval '1 day'",
    "erased_at = NULL",
  ])
    await expect(client.query(`UPDATE log_redaction SET ${change} WHERE id = 'rdc_1'`)).rejects.toMatchObject(
      refused,
    );
  await client.query(`UPDATE log_redaction SET index = 7, blobs = ARRAY['a'] WHERE id = 'rdc_1'`);
  for (const change of ["index = 8", "blobs = ARRAY['b']"])
    await expect(client.query(`UPDATE log_redaction SET ${change} WHERE id = 'rdc_1'`)).rejects.toMatchObject(
      refused,
    );
  await expect(client.query("DELETE FROM log_redaction WHERE id = 'rdc_5'")).rejects.toMatchObject(refused);
  expect((await client.query("DELETE FROM log_redaction WHERE id = 'rdc_proposed'")).rowCount).toBe(1);
});
