import { StartProblem } from "@/lib/platform/errors/start-problem";

/** Runs a command of bin/: a StartProblem is one line and exit code 1; anything else is ours and shows its stack. */
export async function main(body: () => Promise<number | undefined>): Promise<void> {
  try {
    process.exitCode = (await body()) ?? 0;
  } catch (error) {
    process.exitCode = 1;
    if (error instanceof StartProblem) console.error(`slipmark: ${error.message}`);
    else console.error(error);
  }
  // Whoever listened on the supervisor's channel keeps it, and with it the process, alive.
  if (process.connected) process.disconnect();
}
