/** Canaries: items, commitment, openings, targets, beacon. Pure; runs in a browser as on a server. */
export { authorKeyIdOfAccount, authorKeyIdOfSpki } from "./author";
export * from "./beacon/chains";
export * from "./beacon/nonce";
export { type Beacon, beaconSchema, type DrandBeacon } from "./beacon/schema";
export * from "./beacon/verify";
export * from "./check-items";
export * from "./commitment";
export * from "./document";
export * from "./errors";
export { type Extractor, extractAnswer } from "./extractor";
export * from "./generator";
export { type ImageFacts, type ImageType, imageFacts, imageSize, verifyImage } from "./image";
export { itemFault, rememberingNormalise } from "./item-fault";
export {
  type CanaryItem,
  idKey,
  itemBytes,
  parseItem,
  parseItems,
  requireDistinctIds,
  type WrittenItem,
} from "./items";
export { limits } from "./limits";
export { openedItem } from "./opened-item";
export * from "./opening";
export * from "./secrets";
export * from "./set";
export * from "./terms";
