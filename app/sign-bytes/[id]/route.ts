import { currentViewer } from "@/lib/accounts/server";
import { heldActOf } from "@/lib/ledger/server";
import { serviceContext } from "@/lib/platform/context/server";

export const dynamic = "force-dynamic";

/** The bytes that an author is to sign, for that author alone. */
export async function GET(_request: Request, route: { params: Promise<{ id: string }> }): Promise<Response> {
  const viewer = await currentViewer();
  const act =
    viewer.userId === null ? null : await heldActOf(serviceContext(viewer), (await route.params).id);
  if (act === null) return new Response("not found\n", { status: 404 });
  return new Response(Buffer.from(act.encoding), {
    headers: {
      "content-type": "application/octet-stream",
      "content-disposition": `attachment; filename="statement-${act.pae.slice(0, 12)}.pae"`,
      "cache-control": "private, no-store",
      "x-content-type-options": "nosniff",
    },
  });
}
