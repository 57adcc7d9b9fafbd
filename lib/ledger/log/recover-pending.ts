import type { ClientBase } from "pg";

const appendOnly = ["log_entry", "log_checkpoint", "log_signature", "log_timestamp"];

/**
 * Takes away what the database has from entry `agreed` on: it was never published, and another tree was. The acts are
 * kept aside. Append-only tables are opened for this alone, inside the caller's transaction. Returns how many.
 */
export async function setAsideForked(client: ClientBase, agreed: number): Promise<number> {
  await client.query(
    `CREATE TEMPORARY TABLE forked_act ON COMMIT DROP AS
     SELECT e.dedup_key, e.kind, s.statement, e.about, e.t, s.payloads, e.pae,
            CASE WHEN k.id IS NULL THEN decode(convert_from(e.leaf, 'UTF8')::jsonb->>'sig', 'base64') END AS signature,
            CASE WHEN k.id IS NULL THEN s.public_key END AS public_key
     FROM log_entry e JOIN log_statement s USING (index) LEFT JOIN log_key k ON k.public_key = s.public_key
     WHERE e.index >= ${agreed}
     ORDER BY e.index`,
  );
  for (const table of appendOnly) await client.query(`ALTER TABLE ${table} DISABLE TRIGGER USER`);
  const { rowCount } = await client.query("DELETE FROM log_entry WHERE index >= $1", [agreed]);
  await client.query("DELETE FROM log_statement WHERE index >= $1", [agreed]);
  for (const table of ["log_checkpoint", "log_signature", "log_timestamp"])
    await client.query(`DELETE FROM ${table} WHERE size > $1`, [agreed]);
  for (const table of appendOnly) await client.query(`ALTER TABLE ${table} ENABLE TRIGGER USER`);
  return rowCount ?? 0;
}

const paeInSql = (statement: string) =>
  `encode(sha256(convert_to('DSSEv1 28 application/vnd.in-toto+json ' || octet_length(${statement}) || ' ' || ${statement}, 'UTF8')), 'hex')`;

/**
 * Pending acts that the recovered log holds already go, whether by their key or by their very bytes; the rest get new
 * ids, because theirs may have been given to entries of the recovered log. Returns how many went.
 */
export async function settlePending(client: ClientBase): Promise<number> {
  const { rowCount } = await client.query(
    `DELETE FROM log_pending p WHERE EXISTS (SELECT FROM log_entry e WHERE e.dedup_key = p.dedup_key)
     OR EXISTS (SELECT FROM log_entry e WHERE e.pae = ${paeInSql("p.statement")})`,
  );
  const sequence = "pg_get_serial_sequence('log_pending', 'id')::regclass";
  await client.query(
    `SELECT setval(${sequence}, greatest(1, nextval(${sequence}),
       (SELECT max(pending_id) FROM log_entry), (SELECT max(id) FROM log_pending)))`,
  );
  await client.query(
    `UPDATE log_pending p SET id = given.fresh
     FROM (SELECT id, nextval(${sequence}) AS fresh FROM (SELECT id FROM log_pending ORDER BY id) AS ordered) AS given
     WHERE p.id = given.id`,
  );
  return rowCount ?? 0;
}

/** Acts that only this database had logged wait for the log again, unless it holds them under another index. */
export async function putBackForked(client: ClientBase): Promise<void> {
  await client.query(
    `INSERT INTO log_pending (dedup_key, kind, statement, statement_sha256, about, t, payloads, signature, public_key)
     SELECT f.dedup_key, f.kind, f.statement, encode(sha256(convert_to(f.statement, 'UTF8')), 'hex'), f.about, f.t,
            f.payloads, f.signature, f.public_key
     FROM forked_act f
     WHERE NOT EXISTS (SELECT FROM log_entry e WHERE e.dedup_key = f.dedup_key OR e.pae = f.pae)`,
  );
}
