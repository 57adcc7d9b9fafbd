import { anonymous } from "@/lib/platform/context";
import type { Endpoint } from "@/lib/platform/http/endpoint";
import { serve } from "@/lib/platform/http/serve";
import type { testInstance } from "../verification/support";

/** Sends requests through the wrapper of the HTTP interface, as Next would. */
export function asking(site: Awaited<ReturnType<typeof testInstance>>) {
  return ask;

  async function ask(
    endpoint: unknown,
    options: {
      params?: Record<string, string>;
      query?: string;
      headers?: Record<string, string>;
      body?: unknown;
    } = {},
  ) {
    const one = endpoint as Endpoint;
    const handler = serve(one, () => ({
      context: (viewer) => ({ ...site.ctx, viewer }),
      trustedProxies: [],
      viewer: async () => anonymous,
    }));
    const request = new Request(`http://slipmark.test/api/v1${one.path}${options.query ?? ""}`, {
      method: one.method,
      headers: {
        "x-forwarded-for": "192.0.2.1",
        ...(options.body === undefined ? {} : { "content-type": "application/json" }),
        ...options.headers,
      },
      ...(options.body === undefined
        ? {}
        : { body: typeof options.body === "string" ? options.body : JSON.stringify(options.body) }),
    });
    return handler(request, { params: Promise.resolve(options.params ?? {}) });
  }
}
