export { captureRelease, captureRelease as ensureCapture } from "./capture-release";
export { loadCapture } from "./captures";
export { preparedCapture, previewRelease, renewPreview } from "./preview-release";
export { latestModels, listModels, modelPage, modelsAfter, modelsOfUser } from "./queries";
export { recordCapture } from "./record-capture";
export { registerModel } from "./register-model";
export { releasePage } from "./release-page";
export { withdrawModel } from "./withdraw-model";
