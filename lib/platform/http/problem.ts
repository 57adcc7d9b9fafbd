import { AppError, type AppErrorCode } from "@/lib/platform/errors";

const statuses: Readonly<Record<AppErrorCode, number>> = {
  "not-found": 404,
  "sign-in-required": 401,
  "not-allowed": 403,
  "invalid-input": 422,
  "wrong-state": 409,
  "already-done": 409,
  "changed-meanwhile": 409,
  "too-many-requests": 429,
  "bad-address": 422,
  "unknown-repository": 422,
  "unknown-revision": 422,
  "private-or-gated": 422,
  "too-large": 422,
  "malformed-file": 422,
  "address-refused": 422,
  "source-unreachable": 502,
  "source-changed": 502,
  "same-release": 422,
  "ancestor-younger": 422,
  "declared-derivative": 409,
  cancelled: 409,
  internal: 500,
};

/** Titles of problem documents. Pages have their own sentences, in both languages, under the same codes. */
const titles: Readonly<Record<AppErrorCode, string>> = {
  "not-found": "There is nothing here",
  "sign-in-required": "Sign in first",
  "not-allowed": "This is not yours to do",
  "invalid-input": "Some fields cannot be used",
  "wrong-state": "Not possible in this state",
  "already-done": "This has been done already",
  "changed-meanwhile": "Somebody changed it meanwhile",
  "too-many-requests": "Too many requests",
  "bad-address": "This is not the address of a release",
  "unknown-repository": "The source knows no such repository",
  "unknown-revision": "The repository has no such revision",
  "private-or-gated": "The repository is private or gated",
  "too-large": "Too large",
  "malformed-file": "A file is malformed",
  "address-refused": "This address is not read",
  "source-unreachable": "The source does not answer",
  "source-changed": "The source changed while it was read",
  "same-release": "Both sides are the same release",
  "ancestor-younger": "An ancestor is younger than the earlier release",
  "declared-derivative": "The suspect declares the original as its base",
  cancelled: "Cancelled",
  internal: "Something went wrong here",
};

/** RFC 9457. Whatever is not an AppError is "internal": its words stay in the log. */
export function problemResponse(error: unknown, requestId: string): Response {
  const known = error instanceof AppError ? error : new AppError("internal");
  const headers = new Headers({
    "content-type": "application/problem+json",
    "cache-control": "no-store",
    "x-request-id": requestId,
    "access-control-allow-origin": "*",
  });
  const retryAfter = known.detail.retryAfter;
  if (known.code === "too-many-requests" && retryAfter !== undefined)
    headers.set("retry-after", String(retryAfter));
  if (known.code === "sign-in-required") headers.set("www-authenticate", "Bearer");
  const body = {
    type: `urn:slipmark:problem:${known.code}`,
    title: titles[known.code],
    status: statuses[known.code],
    code: known.code,
    ...(Object.keys(known.detail).length > 0 ? { facts: known.detail } : {}),
    ...(Object.keys(known.fields).length > 0 ? { fields: known.fields } : {}),
    instance: `urn:slipmark:request:${requestId}`,
  };
  return new Response(JSON.stringify(body), { status: statuses[known.code], headers });
}
