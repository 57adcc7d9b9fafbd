/** npm run build: the engine's bundle and the site, unless both are of these very sources. */
import { env } from "@/lib/platform/env";
import { buildIfNeeded } from "@/lib/platform/supervisor/build";
import { main } from "@/lib/platform/supervisor/main";
import { buildEnvironment } from "@/lib/platform/supervisor/site-environment";

await main(async () => {
  const say = (line: string) => console.log(`slipmark: ${line}`);
  const built = await buildIfNeeded({ env: buildEnvironment(env()), say, parts: "all" });
  say(built ? "built" : "nothing changed since the last build");
  return 0;
});
