import { getRunProgress } from "@/app/api/v1/_endpoints/progress";
import { route } from "@/app/api/v1/_serve";

export const GET = route(getRunProgress);
