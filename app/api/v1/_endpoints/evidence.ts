import { z } from "zod";
import { postPage } from "@/lib/evidence/server";
import { anonymous } from "@/lib/platform/context";
import { defineEndpoint } from "@/lib/platform/http/endpoint";
import { evidenceSchema } from "../_schemas/evidence";

export const getEvidence = defineEndpoint({
  method: "GET",
  path: "/evidence/{id}",
  id: "getEvidence",
  summary:
    "A text of a case (statement, evidence, reply): its words, all versions, its links as they answered",
  params: z.object({ id: z.string().regex(/^pst_[0-9a-z]{20}$/) }),
  response: evidenceSchema,
  cache: "public",
  handle: async ({ ctx, params: { id } }) => {
    const page = await postPage(ctx, id, anonymous);
    if (page === null) return null;
    const { post, versions, claimNumber, replies } = page;
    return {
      json: {
        ...post,
        case: page.case.publicId,
        claimNumber,
        versions,
        replies: replies.map((reply) => reply.id),
      },
    };
  },
});
