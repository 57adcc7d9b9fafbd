/** Elements of a chunk: 1 MiB of float32, the unit of the reduction (see index.ts). */
export const chunkElements = 262_144;
