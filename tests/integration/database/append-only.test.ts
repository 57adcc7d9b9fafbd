import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testDatabase } from "@/tests/support/database";

const { url } = await testDatabase();
const client = new Client({ connectionString: url });

/** The fewest rows that fill every append-only table. */
const rows = `
  INSERT INTO "user" (id, name) VALUES ('usr_1', 'A');
  INSERT INTO release (id, source, repository, "commit") VALUES ('rel_1', 'hf', 'a/b', 'c');
  INSERT INTO capture (id, release_id, observed_at, declared, files, metadata) VALUES ('cap_1', 'rel_1', now(), '{}', '[]', '[]');
  INSERT INTO model (id, name, release_id, capture_id, registered_by_id) VALUES ('mdl_1', 'M', 'rel_1', 'cap_1', 'usr_1');
  INSERT INTO fingerprint (id, model_id, schema, digest, document) VALUES ('fpr_1', 'mdl_1', 's', 'd', '{}');
  INSERT INTO weight_fingerprint (id, model_id, schema, digest, origin, blob_sha256, size, tensors) VALUES ('fpr_2', 'mdl_1', 's', 'd', 'author', 'b', 1, 1);
  INSERT INTO checkpoint (id, model_id, release_id, capture_id, label) VALUES ('ckp_1', 'mdl_1', 'rel_1', 'cap_1', 'initial');
  INSERT INTO canary_set (id, owner_id, set_id, root, items, kind, namespace_kind) VALUES ('cns_1', 'usr_1', 's', 'r', 1, 'natural', 'account');
  INSERT INTO canary_answer_set (id, canary_set_id, role, name, authenticity, adapter, calls, answers_sha256, answers_salt, answers_blob, answers_size, lines, answered, status)
    VALUES ('ans_1', 'cns_1', 'suspect', 'S', 'claimed', 'transcript', 0, 'a', '', 'b', 1, 1, 1, 'held');
  INSERT INTO canary_reveal (canary_set_id, "index", item_id, opening, batch, created_at) VALUES ('cns_1', 0, 'i', '{}', 1, now());
  INSERT INTO canary_judgement (id, canary_set_id, original_id, suspect_id, digest, result_blob, result_size, bundle_blob, bundle_size, says, moves_finding, created_at)
    VALUES ('jdg_1', 'cns_1', 'ans_1', 'ans_1', 'd', 'b', 1, 'b', 1, 'inconclusive', false, now());
  INSERT INTO "case" (id, public_id, reporter_id, interest) VALUES ('cse_1', 'SLP-2026-0001', 'usr_1', 'none'), ('cse_2', NULL, 'usr_1', 'none');
  INSERT INTO case_event (case_id, sequence, type, data) VALUES ('cse_1', 1, 'submitted', '{}');
  INSERT INTO case_record (id, case_id, position, date, text_en, text_zh, source_kind, source) VALUES ('rec_1', 'cse_1', 1, '2024', 'e', 'z', 'file', 's');
  INSERT INTO post (id, case_id, kind, author_id, interest) VALUES ('pst_1', 'cse_1', 'evidence', 'usr_1', 'none');
  INSERT INTO post_version (id, post_id, version, body, kind) VALUES ('ver_1', 'pst_1', 1, 'b', 'first');
  INSERT INTO link_capture (id, url, captured_at) VALUES ('lnk_1', 'https://a.example/', now());
  INSERT INTO audit_event (action, subject, data) VALUES ('a', 's', '{}');
  INSERT INTO log_dedup (key, kind) VALUES ('k', 'x');
  INSERT INTO run (id, case_id, parameters) VALUES ('run_1', 'cse_1', '{}'), ('run_2', NULL, '{}');
  INSERT INTO run_result (run_id, digest, document, capsule_sha256, capsule_size, build)
    VALUES ('run_1', 'd', '{}', 's', 1, 'b'), ('run_2', 'd', '{}', 's', 1, 'b');
  INSERT INTO reproduction (id, run_id, user_id, computed, same, "from", interest)
    VALUES ('rep_1', 'run_1', 'usr_1', 'd', true, 'capsule', 'none');
`;

const tables = [
  ["audit_event", "action"],
  ["capture", "licence"],
  ["fingerprint", "digest"],
  ["weight_fingerprint", "digest"],
  ["checkpoint", "label"],
  ["canary_set", "root"],
  ["canary_answer_set", "answers_blob"],
  ["canary_reveal", "opening"],
  ["canary_judgement", "says"],
  ["case_event", "type"],
  ["case_record", "source"],
  ["post_version", "body"],
  ["link_capture", "url"],
  ["log_dedup", "kind"],
  ["run_result", "digest"],
  ["reproduction", "computed"],
] as const;

const refused = { code: "42501" };

beforeAll(async () => {
  await client.connect();
  await client.query(rows);
});
afterAll(() => client.end());

describe.each(tables)("%s", (table, column) => {
  test("refuses UPDATE", async () => {
    await expect(client.query(`UPDATE "${table}" SET "${column}" = 'x'`)).rejects.toMatchObject(refused);
  });
  test("refuses DELETE", async () => {
    await expect(client.query(`DELETE FROM "${table}"`)).rejects.toMatchObject(refused);
  });
  test("refuses TRUNCATE", async () => {
    await expect(client.query(`TRUNCATE "${table}" CASCADE`)).rejects.toMatchObject(refused);
  });
});

test("results of look-ups may be removed, those of cases may not", async () => {
  await client.query("DELETE FROM run_result WHERE run_id = 'run_2'");
  await client.query("DELETE FROM run WHERE id = 'run_2'");
  await expect(client.query("DELETE FROM run_result WHERE run_id = 'run_1'")).rejects.toMatchObject(refused);
});

test("a run cannot leave its case, a case cannot lose its number", async () => {
  await expect(client.query("UPDATE run SET case_id = NULL WHERE id = 'run_1'")).rejects.toMatchObject(
    refused,
  );
  await expect(client.query(`UPDATE "case" SET public_id = NULL WHERE id = 'cse_1'`)).rejects.toMatchObject(
    refused,
  );
  await client.query("UPDATE run SET state = 'running' WHERE id = 'run_1'");
  await client.query(`UPDATE "case" SET public_id = 'SLP-2026-0002' WHERE id = 'cse_2'`);
});

test("of a set of canaries only what is empty is filled in, once: its model, its nonce, a transcript, the status", async () => {
  await client.query(
    "UPDATE canary_set SET model_id = 'mdl_1', nonce = 'n', nonce_source = '{}', nonce_at = now()",
  );
  await client.query(
    "UPDATE canary_answer_set SET transcript_blob = 't', transcript_size = 1, status = 'logged'",
  );
  for (const change of [
    "canary_set SET model_id = NULL",
    "canary_set SET nonce = 'm'",
    "canary_set SET nonce = NULL",
    "canary_set SET terms = '{}'",
    "canary_set SET namespace_name = 'somebody'",
    "canary_answer_set SET transcript_blob = 'u'",
    "canary_answer_set SET status = 'held'",
    "canary_answer_set SET name = '[redacted · 遮蔽]', redaction_id = NULL",
  ])
    await expect(client.query(`UPDATE ${change}`), change).rejects.toMatchObject(refused);
});
