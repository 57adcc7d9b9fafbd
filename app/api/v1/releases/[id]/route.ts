import { getRelease } from "@/app/api/v1/_endpoints/models";
import { route } from "@/app/api/v1/_serve";

export const GET = route(getRelease);
