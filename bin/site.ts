/** npm run site: a site alone, on the database the others use. */

import { siteOrigin } from "@/lib/platform/env";
import { buildIfNeeded } from "@/lib/platform/supervisor/build";
import { checkPort } from "@/lib/platform/supervisor/check-port";
import { siteSpec } from "@/lib/platform/supervisor/child-specs";
import { joinInstance } from "@/lib/platform/supervisor/join-instance";
import { main } from "@/lib/platform/supervisor/main";
import { runAlone } from "@/lib/platform/supervisor/run-alone";
import { buildEnvironment } from "@/lib/platform/supervisor/site-environment";

await main(async () => {
  const say = (line: string) => console.log(`slipmark: ${line}`);
  const { settings, env } = await joinInstance();
  await checkPort(settings.HOST, settings.PORT);
  await buildIfNeeded({ env: buildEnvironment(settings), say, parts: "all" });
  const spec = siteSpec({ env, host: settings.HOST, port: settings.PORT, development: false });
  await runAlone(spec, say, () => say(`site ready at ${siteOrigin(settings)}`));
  return 0;
});
