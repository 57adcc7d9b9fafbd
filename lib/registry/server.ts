export { addCheckpoint } from "./add-checkpoint";
export { addFingerprint } from "./add-fingerprint";
export { cancelFingerprint, fingerprintChannel } from "./cancel-fingerprint";
export { captureRelease, captureRelease as ensureCapture } from "./capture-release";
export { loadCapture } from "./captures";
export { eraseRepositoryOfReleases } from "./erase-repository";
export {
  eraseAuthorsFingerprint,
  eraseCapturedFiles,
  eraseRegistration,
  eraseWithdrawReason,
} from "./erase-words";
export { checkpointsForReleases } from "./fingerprints";
export { linkCanarySet, planOf } from "./link-canary-set";
export { fingerprintsAfter, fingerprintsByDigest } from "./list-fingerprints";
export { preparedCapture, previewRelease, renewPreview } from "./preview-release";
export { latestModels, listModels, modelPage, modelsAfter, modelsOfUser } from "./queries";
export { fingerprintLimit, queueFingerprint } from "./queue-fingerprint";
export { recordCapture } from "./record-capture";
export { registerModel } from "./register-model";
export { releasePage } from "./release-page";
export { storeFingerprint } from "./store-fingerprint";
export { supersedeModel } from "./supersede-model";
export { withdrawModel } from "./withdraw-model";
