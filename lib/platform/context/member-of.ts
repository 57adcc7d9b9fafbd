import { AppError } from "@/lib/platform/errors";
import type { Viewer } from "./index";

/** The signed-in person's id. Every act asks this before it looks at anything else. Throws "sign-in-required". */
export function memberOf(viewer: Viewer): string {
  if (viewer.userId === null) throw new AppError("sign-in-required");
  return viewer.userId;
}
