import { randomUUID } from "node:crypto";
import { AppError } from "@/lib/platform/errors";
import { problemResponse } from "@/lib/platform/http/problem";

/** Whatever is no operation of the interface: a problem document, not a page for people. */
const nothing = (): Response => problemResponse(new AppError("not-found"), randomUUID());

export { nothing as DELETE, nothing as GET, nothing as PATCH, nothing as POST, nothing as PUT };
