import { expect } from "@playwright/test";
import type { Client } from "pg";
import { exampleReleases } from "../../../lib/examples/releases/catalogue";
import { given } from "./peers";

/** Every kind of page that is read without an account, by what it is called in a failing test; paths without language. */
export async function publicPages(database: Client): Promise<Readonly<Record<string, string>>> {
  const one = async (query: string): Promise<string> => {
    const { rows } = await database.query<{ id: string }>(query);
    if (!rows[0]) throw new Error(`the example ledger has nothing for: ${query}`);
    return rows[0].id;
  };
  const resolved = await one(
    `SELECT public_id AS id FROM "case" WHERE state = 'resolved' AND example ORDER BY public_id LIMIT 1`,
  );
  const documented = await one(
    `SELECT public_id AS id FROM "case" WHERE documented ORDER BY public_id LIMIT 1`,
  );
  const run = await one(
    `SELECT id FROM run WHERE state = 'finished' AND case_id IS NOT NULL ORDER BY created_at, id LIMIT 1`,
  );
  const model = await one("SELECT id FROM model WHERE example ORDER BY created_at LIMIT 1");
  const set = await one(`SELECT set_id AS id FROM canary_set WHERE example AND kind = 'generator' LIMIT 1`);
  const sealed = await one(
    `SELECT set_id AS id FROM canary_set WHERE example AND kind = 'random-label' LIMIT 1`,
  );
  const post = await one(
    'SELECT post.id FROM post JOIN "case" ON "case".id = case_id WHERE example AND post.state = \'visible\' ORDER BY post.created_at LIMIT 1',
  );
  return {
    home: "",
    cases: "/cases",
    "cases, none found": "/cases?q=nothing-has-this-name",
    case: `/cases/${resolved}`,
    "documented case": `/cases/${documented}`,
    evidence: `/evidence/${post}`,
    run: `/runs/${run}`,
    models: "/models",
    model: `/models/${model}`,
    check: "/check",
    "check, result": `/check/${await lookUp(database)}`,
    canaries: "/canaries",
    "commit canaries": "/canaries/new",
    "canary set": `/canaries/${set}`,
    "sealed canary set": `/canaries/${sealed}`,
    "judgement that found something": await exampleJudgement(database, "Curlew Mini"),
    "judgement with pictures": await exampleJudgement(database, "Bittern OCR"),
    methods: "/methods",
    method: "/methods/architecture",
    rules: "/rules",
    log: "/log",
    "entries of the log": "/log/entries",
    "entry of the log": "/log/entries/0",
    "check a proof": "/log/check",
    "state of the log": "/status",
    about: "/about",
    "sign-in": "/sign-in",
    register: "/register",
    report: "/report",
  };
}

/** A judgement of the example ledger, by the suspect of the set of this kind. */
export async function exampleJudgement(
  database: Client,
  suspect: "Bittern OCR" | "Curlew Mini",
): Promise<string> {
  const { rows } = await database.query<{ id: string; set: string }>(
    `SELECT j.id, s.set_id AS set FROM canary_judgement j
     JOIN canary_set s ON s.id = j.canary_set_id JOIN canary_answer_set a ON a.id = j.suspect_id
     WHERE s.example AND a.name = $1 ORDER BY j.created_at DESC LIMIT 1`,
    [suspect],
  );
  const [first] = rows;
  if (!first) throw new Error(`the example ledger has no judgement of ${suspect}`);
  return `/canaries/${first.set}/judgements/${first.id}`;
}

/** One look-up for all tests, with its result. */
async function lookUp(database: Client): Promise<string> {
  const answer = await fetch(`${given("ORIGIN")}/api/v1/check`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      original: `hf:${exampleReleases.original}`,
      suspect: `hf:${exampleReleases.credited}`,
      idempotencyKey: "one-for-all-browser-tests",
    }),
  });
  const { check } = (await answer.json()) as { check: string };
  const state = async () =>
    (
      await database.query('SELECT state FROM run JOIN "check" ON run_id = run.id WHERE "check".id = $1', [
        check,
      ])
    ).rows[0]?.state;
  await expect.poll(state, { timeout: 60_000 }).toBe("finished");
  return check;
}
