/** npm run admin: gives roles from the machine's own terminal, whether Slipmark runs or not. */
import { grantRole } from "@/lib/accounts/grant-role";
import { createSetupLink } from "@/lib/accounts/setup-link";
import type { Database } from "@/lib/platform/database";
import { env, siteOrigin } from "@/lib/platform/env";
import { StartProblem } from "@/lib/platform/errors/start-problem";
import { main } from "@/lib/platform/supervisor/main";
import { withClient } from "@/lib/platform/supervisor/with-database";

const usage = "usage: npm run admin -- grant EMAIL [admin|moderator|member], or: npm run admin -- link";

await main(async () => {
  const [verb, email = "", role = "admin"] = process.argv.slice(2);
  if (verb === "link") return onDatabase(printLink);
  if (verb !== "grant" || !/^\S+@\S+$/.test(email)) throw new StartProblem(usage);
  if (role !== "admin" && role !== "moderator" && role !== "member") throw new StartProblem(usage);
  return onDatabase(async (db) => {
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

async function onDatabase(task: (db: Database) => Promise<void>): Promise<number> {
  await withClient(env(), task);
  return 0;
}
