import { getRunReproductions } from "@/app/api/v1/_endpoints/runs";
import { route } from "@/app/api/v1/_serve";

export const GET = route(getRunReproductions);
