import { getCanaryDrawn } from "@/app/api/v1/_endpoints/canary-sets";
import { route } from "@/app/api/v1/_serve";

export const GET = route(getCanaryDrawn);
