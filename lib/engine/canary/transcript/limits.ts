/** Fewer repeats cannot tell an answer from a coin that fell once. */
export const fewestRepeats = 3;
export const mostRepeats = 25;
/** Bytes of one request's text (images apart), of one response, and of one line that holds both with their escapes. */
export const largestRequest = 512 * 1024;
export const largestResponse = 1024 * 1024;
export const largestLine = 16 * 1024 * 1024;
/** UTF-16 units of one answer after the extractor: what is longer is cut at a whole character. */
export const longestAnswer = 16 * 1024;
