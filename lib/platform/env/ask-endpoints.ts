import type { Variables } from "./variables";

/** An endpoint that the operator runs, or vouches for. Only such a one may lie inside the house, or have a key. */
export interface AskEndpoint {
  readonly name: string;
  /** Base address, such as http://10.0.0.5:8000/v1, without a slash at its end. */
  readonly url: string;
}

/** The operator's endpoints, in the order in which they were named. */
export function askEndpoints(settings: Pick<Variables, "SLIPMARK_ASK_ENDPOINTS">): readonly AskEndpoint[] {
  const pairs = (settings.SLIPMARK_ASK_ENDPOINTS ?? "").split(",").map((pair) => pair.trim());
  return pairs
    .filter((pair) => pair !== "")
    .map((pair) => {
      const [name = "", address = ""] = pair.split(/\s+/);
      return { name, url: address.replace(/\/+$/, "") };
    });
}

/** The variable that holds the key of an endpoint. */
export function askKeyVariable(name: string): string {
  return `SLIPMARK_ASK_KEY_${name.toUpperCase().replaceAll("-", "_")}`;
}

/**
 * The key of an operator's endpoint, from the environment alone and read when it is needed: it is in no setting, so
 * that nothing which prints or stores settings can hold it. Null when there is none.
 */
export function askKey(
  name: string,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string | null {
  const value = environment[askKeyVariable(name)]?.trim();
  return value === undefined || value === "" ? null : value;
}
