import { listenForStop } from "./stop-request";
import { type ChildSpec, supervise } from "./supervised-child";

/** Keeps one child running until asked to stop. */
export async function runAlone(
  spec: ChildSpec,
  say: (line: string) => void,
  onReady: () => void,
): Promise<void> {
  let kill = () => {};
  const stop = listenForStop(() => kill());
  const child = await supervise(spec, { onStart: () => undefined, say }, stop.signal);
  kill = child.kill;
  onReady();
  await stop.asked;
  await child.stop();
}
