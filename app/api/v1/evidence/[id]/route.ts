import { getEvidence } from "@/app/api/v1/_endpoints/evidence";
import { route } from "@/app/api/v1/_serve";

export const GET = route(getEvidence);
