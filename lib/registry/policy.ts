import type { Viewer } from "@/lib/platform/context";

/** Only who registered takes a registration back; a mistaken one stays visible as withdrawn. */
export function mayWithdraw(
  viewer: Viewer,
  model: { readonly registeredById: string; readonly state: "registered" | "withdrawn" },
): boolean {
  return viewer.userId !== null && viewer.userId === model.registeredById && model.state === "registered";
}
