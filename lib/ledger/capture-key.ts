/** Key of the act by which a capture (of a release, cap_…, or of a link, lnk_…) goes on record. */
export const captureKey = (captureId: string): string => `capture:${captureId}`;
