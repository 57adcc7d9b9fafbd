import { clientHeader, siteHeader } from "./reverse-proxy";

/** A browser without scripts: keeps cookies, follows nothing by itself, fills in the forms of a page. */
export class PlainBrowser {
  readonly #cookies = new Map<string, string>();
  readonly #origin: string;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(origin: string, address: string, headers: Readonly<Record<string, string>> = {}) {
    this.#origin = origin;
    this.#headers = { [clientHeader]: address, "accept-language": "en", ...headers };
  }

  /** Asks one site by its name, or (null) whichever has its turn. */
  async ask(site: string | null, path: string, init: RequestInit = {}): Promise<Response> {
    const url = new URL(path, this.#origin);
    // A link that leads away from the public address would strand people.
    if (url.origin !== this.#origin) throw new Error(`${url.href} is not at ${this.#origin}`);
    const headers = new Headers({ ...this.#headers, ...Object.fromEntries(new Headers(init.headers)) });
    if (site !== null) headers.set(siteHeader, site);
    if (init.method === "POST") headers.set("origin", this.#origin);
    if (this.#cookies.size > 0)
      headers.set("cookie", [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; "));
    const response = await fetch(url, { ...init, headers, redirect: "manual" });
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (name !== undefined && value !== undefined) this.#cookies.set(name, value);
    }
    return response;
  }

  async page(site: string | null, path: string): Promise<string> {
    const response = await this.ask(site, path);
    const text = await response.text();
    if (response.status !== 200) throw new Error(`${path} answers ${response.status}: ${text.slice(0, 300)}`);
    return text;
  }

  /** Sends a form of a page that another site may have rendered; returns where it leads. */
  async send(
    site: string | null,
    path: string,
    form: ReadonlyMap<string, string>,
    typed: Readonly<Record<string, string>> = {},
  ): Promise<string> {
    const body = new FormData();
    for (const [name, value] of [...form, ...Object.entries(typed)]) body.append(name, value);
    const response = await this.ask(site, path, { method: "POST", body });
    const to = response.headers.get("location");
    if (response.status !== 303 || to === null)
      throw new Error(`${path} answers ${response.status}: ${(await response.text()).slice(0, 2000)}`);
    return to;
  }
}

const forms = /<form\b([^>]*)>(.*?)<\/form>/gs;

/** The hidden fields of the first form that has a field of this name. */
export function formWith(html: string, field: string): Map<string, string> {
  for (const [, , inner = ""] of html.matchAll(forms))
    if (inner.includes(` name="${field}"`)) return hiddenFields(inner);
  throw new Error(`no form with ${field} in:\n${html.slice(0, 2000)}`);
}

/** The hidden fields of the form with this id. */
export function formWithId(html: string, id: string): Map<string, string> {
  for (const [, head = "", inner = ""] of html.matchAll(forms))
    if (head.includes(` id="${id}"`)) return hiddenFields(inner);
  throw new Error(`no form ${id} in:\n${html.slice(0, 2000)}`);
}

function hiddenFields(inner: string): Map<string, string> {
  const tags = [...inner.matchAll(/<input\b[^>]*>/g)].map(([tag]) => tag);
  const hidden = tags.filter((tag) => attribute(tag, "type") === "hidden");
  return new Map(hidden.map((tag) => [attribute(tag, "name") ?? "", attribute(tag, "value") ?? ""]));
}

function attribute(tag: string, name: string): string | null {
  const value = new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1];
  const characters: Record<string, string> = {
    quot: '"',
    amp: "&",
    lt: "<",
    gt: ">",
    "#x27": "'",
    "#39": "'",
  };
  return value?.replace(/&([^;]+);/g, (whole, entity: string) => characters[entity] ?? whole) ?? null;
}
