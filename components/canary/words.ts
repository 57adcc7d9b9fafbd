import type en from "@/messages/en/canaries.json";

/** The messages of canaries; parts of them go to islands as they are, with {names} that the island fills. */
export type CanaryWords = typeof en;

/** Puts values into a message that stands in the page as it is. Only plain {names}: no plurals, no formats. */
export function fill(message: string, values: Readonly<Record<string, string | number>>): string {
  return message.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
