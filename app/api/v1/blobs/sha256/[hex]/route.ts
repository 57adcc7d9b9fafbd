import { getBlob } from "@/app/api/v1/_endpoints/blobs";
import { route } from "@/app/api/v1/_serve";

export const GET = route(getBlob);
