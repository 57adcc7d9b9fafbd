import type { z } from "zod";
import type { Context } from "@/lib/platform/context";

type Schema = z.ZodType | undefined;
type Parsed<S extends Schema> = S extends z.ZodType ? z.output<S> : undefined;

export interface EndpointRequest<P extends Schema, Q extends Schema, B extends Schema> {
  readonly params: Parsed<P>;
  readonly query: Parsed<Q>;
  readonly body: Parsed<B>;
  /** Its viewer is anonymous unless the endpoint knows viewers. */
  readonly ctx: Context;
  readonly request: Request;
  readonly requestId: string;
  /** For limits only; null when unknown. */
  readonly address: string | null;
}

/** A handler's answer: a value that the response schema lets through, or a finished response (bytes, streams). */
export type EndpointReply = { readonly json: unknown; readonly status?: number } | Response;

/** One operation of the HTTP interface: what it takes, what it gives, and how. The OpenAPI document is made from it. */
export interface Endpoint<P extends Schema = Schema, Q extends Schema = Schema, B extends Schema = Schema> {
  readonly method: "GET" | "POST";
  /** "/runs/{id}", below /api/v1. */
  readonly path: string;
  readonly id: string;
  readonly summary: string;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** JSON answers pass through this schema: what it does not name never leaves. Otherwise the media type. */
  readonly response: z.ZodType | { readonly mediaType: string; readonly description: string };
  readonly status?: 200 | 202;
  /**
   * "public": the same for everybody, cached shortly, with an ETag. "immutable": never changes.
   * "none": not stored anywhere.
   */
  readonly cache: "public" | "immutable" | "none";
  /** Requests of one address in a minute; the general limit when left out. */
  readonly perMinute?: number;
  /** Public reads know no viewer: they are the same for everybody. */
  readonly knowsViewer?: boolean;
  handle(request: EndpointRequest<P, Q, B>): Promise<EndpointReply | null>;
}

export function defineEndpoint<
  P extends Schema = undefined,
  Q extends Schema = undefined,
  B extends Schema = undefined,
>(endpoint: Endpoint<P, Q, B>): Endpoint<P, Q, B> {
  return endpoint;
}
