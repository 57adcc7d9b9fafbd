import { getCanaryBundle } from "@/app/api/v1/_endpoints/canary-judgements";
import { route } from "@/app/api/v1/_serve";

export const GET = route(getCanaryBundle);
