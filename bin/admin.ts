/** npm run admin: gives roles from the machine's own terminal, whether Slipmark runs or not. */
import { grantRole } from "@/lib/accounts/grant-role";
import { createSetupLink } from "@/lib/accounts/setup-link";
import { connect, type Database } from "@/lib/platform/database";
import { migrate } from "@/lib/platform/database/migrations/migrate";
import { env, siteOrigin } from "@/lib/platform/env";
import { StartProblem } from "@/lib/platform/errors/start-problem";
import { openDatabase } from "@/lib/platform/supervisor/database";
import { claimFolder, runningInstance } from "@/lib/platform/supervisor/instance";
import { main } from "@/lib/platform/supervisor/main";

const usage = "usage: npm run admin -- grant EMAIL [admin|moderator|member], or: npm run admin -- link";

await main(async () => {
  const [verb, email = "", role = "admin"] = process.argv.slice(2);
  if (verb === "link") return withDatabase(printLink);
  if (verb !== "grant" || !/^\S+@\S+$/.test(email)) throw new StartProblem(usage);
  if (role !== "admin" && role !== "moderator" && role !== "member") throw new StartProblem(usage);
  return withDatabase(async (db) => {
    const { created } = await grantRole(db, email, role);
    console.log(`${email} is ${role} now${created ? " (new account)" : ""}`);
  });
});

async function printLink(db: Database): Promise<void> {
  const token = await createSetupLink(db);
  if (token === null)
    throw new StartProblem("there is an administrator already: use npm run admin -- grant EMAIL");
  console.log(`become administrator, once: ${siteOrigin(env())}/setup/${token}`);
}

/** On the database of DATABASE_URL, of the running instance, or started for the moment. */
async function withDatabase(task: (db: Database) => Promise<void>): Promise<number> {
  const settings = env();
  const running = settings.DATABASE_URL === undefined ? await runningInstance(settings.SLIPMARK_DATA) : null;
  if (running?.databaseUrl != null) return using(running.databaseUrl, task);
  const claim = settings.DATABASE_URL === undefined ? await claimFolder(settings.SLIPMARK_DATA) : null;
  const database = await openDatabase(settings, () => undefined);
  try {
    await migrate(database.url);
    return await using(database.url, task);
  } finally {
    await database.stop();
    await claim?.release();
  }
}

async function using(url: string, task: (db: Database) => Promise<void>): Promise<number> {
  const db = connect(url, { max: 2 });
  try {
    await task(db);
    return 0;
  } finally {
    await db.$disconnect();
  }
}
