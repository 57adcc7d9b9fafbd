/** npm run keys: lists the instance's keys, rotates one, or ends the overlap after the log key was rotated. */
import { instanceKeys, keyFingerprint, keyRoles, retirePreviousLogKey, rotateKey } from "@/lib/ledger/server";
import { systemClock } from "@/lib/platform/clock";
import { connect } from "@/lib/platform/database";
import { env } from "@/lib/platform/env";
import { StartProblem } from "@/lib/platform/errors/start-problem";
import { main } from "@/lib/platform/supervisor/main";
import { withDatabase } from "@/lib/platform/supervisor/with-database";

const usage =
  "usage: npm run keys, or: npm run keys -- rotate log|site|run|moderator, or: npm run keys -- retire log";

await main(async () => {
  const [verb, name, ...more] = process.argv.slice(2);
  const role = keyRoles.find((one) => one === name);
  const settings = env();
  if (verb === undefined) {
    const keys = instanceKeys(settings);
    for (const one of keyRoles) console.log(`${one.padEnd(10)}${keyFingerprint(keys.of(one).spki)}`);
    if (keys.previousLog !== null)
      console.log(`${"log (old)".padEnd(10)}${keyFingerprint(keys.previousLog.spki)}`);
    return 0;
  }
  if (more.length > 0 || role === undefined) throw new StartProblem(usage);
  if (verb === "retire" && role === "log") {
    retirePreviousLogKey(settings.SLIPMARK_KEYS);
    console.log("the old log key signs no more; restart the workers");
    return 0;
  }
  if (verb !== "rotate") throw new StartProblem(usage);
  const { previous, next } = await withDatabase(settings, async (url) => {
    const db = connect(url, { max: 2 });
    try {
      return await rotateKey({ db, clock: systemClock }, settings.SLIPMARK_KEYS, role);
    } finally {
      await db.$disconnect();
    }
  });
  console.log(`${role} key ${previous}\n  is now ${next}`);
  console.log(`copy ${settings.SLIPMARK_KEYS} to the same safe place as before, and to every other worker`);
  if (role === "log") console.log("the old key signs beside the new one until: npm run keys -- retire log");
  return 0;
});
