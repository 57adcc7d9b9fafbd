import { isIP } from "node:net";
import { isPublicAddress } from "@/lib/engine/io/net/public-address";
import { AppError } from "@/lib/platform/errors";

/** An endpoint that may be asked. */
export interface ChosenEndpoint {
  /** Base address without credentials, query and fragment, and without a slash at its end. */
  readonly url: string;
  /** The operator's name for it; null for anybody's. Only an operated one may lie inside the house or have a key. */
  readonly operated: string | null;
}

/**
 * Reads what a form names: an endpoint of the operator by its name, or a public https address. Where an address leads is
 * judged again at each connection; here only what is plainly none. Throws AppError "address-refused" or "invalid-input".
 */
export function chooseEndpoint(
  given: string,
  operators: readonly { readonly name: string; readonly url: string }[],
): ChosenEndpoint {
  const own = operators.find(({ name }) => name === given);
  if (own !== undefined) return { url: own.url, operated: own.name };
  if (!URL.canParse(given)) throw new AppError("invalid-input", { fields: { endpoint: "not-an-endpoint" } });
  const url = new URL(given);
  if (url.username !== "" || url.password !== "")
    throw new AppError("invalid-input", { fields: { endpoint: "credentials" } });
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const inside =
    isIP(host) !== 0
      ? !isPublicAddress(host)
      : !host.includes(".") || /\.(local|internal|localhost)$/.test(host);
  if (url.protocol !== "https:" || inside || url.search !== "" || url.hash !== "")
    throw new AppError("address-refused", { fields: { endpoint: "address-refused" } });
  return { url: `${url.origin}${url.pathname.replace(/\/+$/, "")}`, operated: null };
}
