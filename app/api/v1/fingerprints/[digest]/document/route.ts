import { getFingerprintDocument } from "@/app/api/v1/_endpoints/fingerprints";
import { route } from "@/app/api/v1/_serve";

export const GET = route(getFingerprintDocument);
