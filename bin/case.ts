/**
 * npm run case -- ORIGINAL SUSPECT [--base DIR]: serves folders through the example Hub of the running site, opens a case
 * on them there, has it verified, and prints the addresses and the digest.
 * npm run case -- --delete [NAME]: deletes a repository from that Hub; without a name, lists what is served.
 */
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { awaitRun, hubClient, openLocalCase, readHubState } from "@/lib/examples/server";
import { systemClock } from "@/lib/platform/clock";
import { anonymous } from "@/lib/platform/context";
import { makeServices } from "@/lib/platform/context/server";
import { type Environment, env, siteOrigin } from "@/lib/platform/env";
import { AppError } from "@/lib/platform/errors";
import { StartProblem } from "@/lib/platform/errors/start-problem";
import { runningInstance } from "@/lib/platform/supervisor/instance";
import { main } from "@/lib/platform/supervisor/main";

const usage = "usage: npm run case -- ORIGINAL SUSPECT [--base DIR], or: npm run case -- --delete [NAME]";
const patienceMs = 15 * 60_000;

await main(async () => {
  const { positionals, options } = readArguments();
  const settings = env();
  const running = await runningInstance(settings.SLIPMARK_DATA);
  if (running?.databaseUrl == null || running.origin === null)
    throw new StartProblem(
      `no site runs in ${settings.SLIPMARK_DATA}: start it with npm start, then try again`,
    );
  const state = await readHubState(settings.SLIPMARK_DATA);
  if (state === null || running.hfEndpoint !== state.url)
    throw new StartProblem(
      "the running site has no example Hub: start it on a loopback HOST, without SLIPMARK_EXAMPLES=off, HF_ENDPOINT or SLIPMARK_PUBLIC_ORIGIN",
    );
  const hub = hubClient(state);
  if (options.delete) {
    const [name] = positionals;
    if (name !== undefined) await hub.delete(name);
    console.log(name === undefined ? (await hub.names()).join("\n") : `deleted   ${name}`);
    return 0;
  }
  const [original, suspect] = positionals;
  if (positionals.length !== 2 || original === undefined || suspect === undefined)
    throw new StartProblem(usage);
  const folders = await Promise.all(
    [original, suspect, ...(options.base ? [options.base] : [])].map(folderOf),
  );
  const served = [];
  for (const folder of folders) served.push(await hub.serve(folder));
  const [first, second, base] = served;
  if (first === undefined || second === undefined) throw new StartProblem(usage);
  for (const { name, commit } of served) console.error(`served    hf:${name}@${commit}`);

  const at = { DATABASE_URL: { value: running.databaseUrl }, HF_ENDPOINT: { value: state.url } };
  const services = makeServices(Object.create(settings, at) as Environment);
  const ctx = { ...services, clock: systemClock, viewer: anonymous };
  try {
    const opened = await openLocalCase(ctx, { original: first, suspect: second, base: base ?? null });
    const origin = running.origin ?? siteOrigin(settings);
    for (const locale of ["en", "zh"]) console.log(`case      ${origin}/${locale}/cases/${opened.publicId}`);
    for (const locale of ["en", "zh"]) console.log(`run       ${origin}/${locale}/runs/${opened.runId}`);
    const ended = await awaitRun(ctx, opened.runId, patienceMs);
    if (ended?.state !== "finished")
      throw new StartProblem(
        `the run ${ended ? `ended as ${ended.state} (${ended.failure ?? "no reason"})` : "has not ended yet"}`,
      );
    console.log(`digest    ${ended.digest}`);
    return 0;
  } catch (error) {
    if (error instanceof AppError) throw new StartProblem(sentenceOf(error));
    throw error;
  } finally {
    await Promise.allSettled([services.jobs.close(), services.listener.close()]);
    await services.db.$disconnect();
  }
});

function readArguments() {
  try {
    const { positionals, values } = parseArgs({
      allowPositionals: true,
      options: { base: { type: "string" }, delete: { type: "boolean" } },
    });
    return { positionals, options: values };
  } catch {
    throw new StartProblem(usage);
  }
}

async function folderOf(path: string): Promise<string> {
  const folder = resolve(path);
  const facts = await stat(folder).catch(() => null);
  if (!facts?.isDirectory()) throw new StartProblem(`${path} is not a folder`);
  return folder;
}

function sentenceOf({ code, detail }: AppError): string {
  if (code === "changed-meanwhile")
    return `the files changed since case ${detail.case ?? ""} was opened on these folders: copy them to another folder for a new case`;
  const facts = Object.entries(detail).map(([key, value]) => `${key}: ${value}`);
  return `the case could not be opened: ${[code, ...facts].join(", ")}`;
}
