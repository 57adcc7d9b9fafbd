import { getCaseEvents } from "@/app/api/v1/_endpoints/cases";
import { route } from "@/app/api/v1/_serve";

export const GET = route(getCaseEvents);
