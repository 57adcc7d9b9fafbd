import type { RedactionDto } from "@/lib/ledger/server";

/** RFC 9457, 410: the bytes were public and are gone by a redaction. Names its tombstone and where that is proved. */
export function redactedResponse(redaction: RedactionDto, requestId: string): Response {
  const { tombstone } = redaction;
  const body = {
    type: "urn:slipmark:problem:redacted",
    title: "This was redacted",
    status: 410,
    code: "redacted",
    redaction: {
      at: redaction.at,
      reason: redaction.reason,
      scope: redaction.scope,
      entry: redaction.index,
      tombstone:
        tombstone === null
          ? null
          : {
              index: tombstone,
              entry: `/api/v1/entries/${tombstone}`,
              proof: `/log/entry/${tombstone}.tlog-proof`,
              bundle: `/api/v1/entries/${tombstone}/bundle.zip`,
            },
    },
    instance: `urn:slipmark:request:${requestId}`,
  };
  return new Response(JSON.stringify(body), {
    status: 410,
    headers: { "content-type": "application/problem+json" },
  });
}
