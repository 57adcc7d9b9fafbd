/** Child of the process tests: starts a server in argv[2] (argv[3]: place for what root cannot keep there) and stays. */
import { startEmbedded } from "@/lib/platform/database/embedded";
import { main } from "@/lib/platform/supervisor/main";

await main(async () => {
  const [folder = "", outside = ""] = process.argv.slice(2);
  const server = await startEmbedded({ folder, durable: true, outside });
  console.log(
    `started ${JSON.stringify({ url: server.url(), pid: server.pid, dataFolder: server.dataFolder })}`,
  );
  await new Promise((resolve) => {
    process.once("SIGTERM", resolve);
    setInterval(() => undefined, 1000);
  });
  await server.stop();
  process.exit(0);
});
