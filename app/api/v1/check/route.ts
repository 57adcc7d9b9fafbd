import { postCheck } from "@/app/api/v1/_endpoints/check";
import { route } from "@/app/api/v1/_serve";

export const POST = route(postCheck);
