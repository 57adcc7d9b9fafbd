import { type Hub, startHub } from "@/lib/examples/hub/start-hub";
import { createFaults, type Fault } from "./faults";
import { computedRepository, releaseNames } from "./releases";
import type { ShapeName } from "./shapes";

/** What the real Hub allows without a token, in five minutes. */
export const anonymousLimit = { api: 500, resolvers: 3000, windowSeconds: 300 };

export interface ComputedHub extends Hub {
  /** Answers that were spoilt so far. */
  faultsBefallen(): number;
}

/** A loopback Hub with all releases of these shapes. Content addresses live for an hour unless told otherwise. */
export async function startComputedHub(options: {
  readonly shapes: readonly ShapeName[];
  readonly faults?: readonly Fault[];
  readonly linkSeconds?: number;
}): Promise<ComputedHub> {
  const faults = createFaults(options.faults ?? []);
  const hub = await startHub({
    repositories: options.shapes.flatMap((shape) =>
      releaseNames.map((name) => computedRepository(shape, name)),
    ),
    rateLimit: anonymousLimit,
    linkSeconds: options.linkSeconds ?? 3600,
    handle: faults.handle,
  });
  return Object.assign(hub, { faultsBefallen: faults.befallen });
}
