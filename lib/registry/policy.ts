import type { Viewer } from "@/lib/platform/context";
import { AppError } from "@/lib/platform/errors";

/** Whoever is signed in may look a release up for registration and register it. Throws "sign-in-required". */
export function memberOf(viewer: Viewer): string {
  if (viewer.userId === null) throw new AppError("sign-in-required");
  return viewer.userId;
}

/** Only who registered takes a registration back; a mistaken one stays visible as withdrawn. */
export function mayWithdraw(
  viewer: Viewer,
  model: { readonly registeredById: string; readonly state: "registered" | "withdrawn" },
): boolean {
  return viewer.userId !== null && viewer.userId === model.registeredById && model.state === "registered";
}
