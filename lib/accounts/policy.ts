import type { Viewer } from "@/lib/platform/context";
import { AppError } from "@/lib/platform/errors";

/** The signed-in person's id; anyone else is asked to sign in. */
export function memberOf(viewer: Viewer): string {
  if (viewer.role === "anonymous") throw new AppError("sign-in-required");
  return viewer.userId;
}
