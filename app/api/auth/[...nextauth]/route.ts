import type { NextRequest } from "next/server";
import NextAuth from "next-auth";
import { authOptions } from "@/lib/accounts/server";

type RouteContext = { params: Promise<{ nextauth: string[] }> };

// The options need the environment, so the handler is made on the first request, not when the module loads.
const handle = (request: NextRequest, context: RouteContext) =>
  NextAuth(request as never, context as never, authOptions());

export const GET = handle;
export const POST = handle;
