import type { Endpoint } from "@/lib/platform/http/endpoint";
import { getBlob } from "./blobs";
import { getCanaryBundle, getCanaryJudgement } from "./canary-judgements";
import {
  getCanaryAnswerSet,
  getCanaryAnswers,
  getCanaryDrawn,
  getCanaryOpenings,
  getCanaryOrder,
  getCanarySet,
  getCanarySets,
  postCanarySet,
} from "./canary-sets";
import { getCase, getCaseEvents, getCases, getClaim } from "./cases";
import { postCheck } from "./check";
import { getEntries, getEntry, getEntryBundle } from "./entries";
import { getEvidence } from "./evidence";
import { getFingerprint, getFingerprintDocument, getFingerprints } from "./fingerprints";
import { getModel, getModels, getRelease } from "./models";
import { getRunProgress } from "./progress";
import { getRun, getRunCapsule, getRunReproductions, getRunResult } from "./runs";
import { getSchema } from "./schemas";

/** Every operation of /api/v1: the OpenAPI document lists these, and a test that each has its route. */
export const endpoints = [
  getModels,
  getModel,
  getRelease,
  getFingerprints,
  getFingerprint,
  getFingerprintDocument,
  getCanarySets,
  postCanarySet,
  getCanarySet,
  getCanaryDrawn,
  getCanaryOpenings,
  getCanaryAnswers,
  getCanaryAnswerSet,
  getCanaryOrder,
  getCases,
  getCase,
  getCaseEvents,
  getClaim,
  getEvidence,
  getRun,
  getRunResult,
  getRunCapsule,
  getRunReproductions,
  getRunProgress,
  getCanaryJudgement,
  getCanaryBundle,
  postCheck,
  getEntries,
  getEntry,
  getEntryBundle,
  getBlob,
  getSchema,
] as unknown as readonly Endpoint[];
