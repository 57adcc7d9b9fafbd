import type { Context } from "@/lib/platform/context";

/** What account commands need of a Context: no jobs, no blobs, no sources. */
export type AccountContext = Pick<Context, "db" | "clock" | "viewer">;
