import { getEntry } from "@/app/api/v1/_endpoints/entries";
import { route } from "@/app/api/v1/_serve";

export const GET = route(getEntry);
