import { anonymous } from "@/lib/platform/context";
import { serviceContext } from "@/lib/platform/context/server";
import { log } from "@/lib/platform/telemetry";
import { bundlePath, publishEngineBuild } from "./engine-build";

/** At a site's start: the bundle it came with is served from now on. A site without one (development) says so. */
export async function publishBundledEngine(): Promise<void> {
  try {
    await publishEngineBuild(serviceContext(anonymous), bundlePath(process.cwd()));
  } catch (error) {
    log.warn({ err: error }, "the engine build of this start is not served");
  }
}
