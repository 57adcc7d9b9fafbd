import { getSchema } from "@/app/api/v1/_endpoints/schemas";
import { route } from "@/app/api/v1/_serve";

export const GET = route(getSchema);
