import "server-only";
import { getServerSession } from "next-auth";
import { cache } from "react";
import { anonymous, type Viewer } from "@/lib/platform/context";
import { authOptions } from "./auth-options";

/** Who is signed in, once per request. Makes the page dynamic: public pages must not call it. */
export const currentViewer = cache(async (): Promise<Viewer> => {
  const session = await getServerSession(authOptions());
  const user = session?.user;
  if (!user?.id) return anonymous;
  return { role: user.role, userId: user.id, name: user.name };
});
