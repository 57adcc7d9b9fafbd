/** npm run keys: lists the instance's keys, rotates one, or ends the overlap after the log key was rotated. */
import {
  instanceKeys,
  keyFingerprint,
  keyRoles,
  keySettings,
  previousVariable,
  retirePreviousKey,
  rotateKey,
  settleKeys,
} from "@/lib/ledger/server";
import { systemClock } from "@/lib/platform/clock";
import { type Environment, env } from "@/lib/platform/env";
import { StartProblem } from "@/lib/platform/errors/start-problem";
import { main } from "@/lib/platform/supervisor/main";
import { withClient } from "@/lib/platform/supervisor/with-database";

const usage =
  "usage: npm run keys, or: npm run keys -- rotate log|site|run|moderator, or: npm run keys -- retire log";

await main(async () => {
  const [verb, name, ...more] = process.argv.slice(2);
  const role = keyRoles.find((one) => one === name);
  const settings = env();
  if (verb === undefined) {
    list(settings);
    return 0;
  }
  if (more.length > 0 || role === undefined) throw new StartProblem(usage);
  if (verb === "retire" && role === "log") {
    await retire(settings);
    return 0;
  }
  if (verb !== "rotate") throw new StartProblem(usage);
  const { previous, next, given } = await withClient(settings, (db) =>
    rotateKey({ db, clock: systemClock }, keySettings(settings), role),
  );
  console.log(`${role} key ${previous}\n  is now ${next}`);
  console.log(
    given
      ? "start every worker again with these settings: until then it signs nothing"
      : `copy ${settings.SLIPMARK_KEYS} to the same safe place as before, and to every other worker`,
  );
  if (role === "log") console.log("the old key signs beside the new one until: npm run keys -- retire log");
  return 0;
});

function list(settings: Environment): void {
  const keys = instanceKeys(settings);
  for (const one of keyRoles) console.log(`${one.padEnd(10)}${keyFingerprint(keys.of(one).spki)}`);
  if (keys.previousLog !== null)
    console.log(`${"log (old)".padEnd(10)}${keyFingerprint(keys.previousLog.spki)}`);
}

async function retire(settings: Environment): Promise<void> {
  if (settings.SLIPMARK_LOG_KEY_PREVIOUS !== undefined)
    throw new StartProblem(
      `the old log key comes from the environment: take ${previousVariable} out of it and start the workers again`,
    );
  await withClient(settings, (db) => settleKeys(db, settings.SLIPMARK_KEYS));
  if (!retirePreviousKey(settings.SLIPMARK_KEYS))
    throw new StartProblem(`no old log key signs: there is none in ${settings.SLIPMARK_KEYS}`);
  console.log("the old log key signs no more; start the workers again");
}
