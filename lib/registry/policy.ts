import type { Viewer } from "@/lib/platform/context";

type Registered = { readonly registeredById: string; readonly state: "registered" | "withdrawn" };

/** Only who registered takes a registration back; a mistaken one stays visible as withdrawn. */
export function mayWithdraw(viewer: Viewer, model: Registered): boolean {
  return viewer.userId !== null && viewer.userId === model.registeredById && model.state === "registered";
}

/** Fingerprints and checkpoints are added by who registered, while the registration stands. */
export function mayManage(viewer: Viewer, model: Registered): boolean {
  return mayWithdraw(viewer, model);
}
