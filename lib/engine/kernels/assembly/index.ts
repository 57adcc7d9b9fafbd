// The kernels' exports. Nothing here allocates: whoever calls says where everything lies in the shared memory.
export { powersF32, tensorChunk } from "./chunk";
export { decodeBf16, decodeF16 } from "./decode";
export { multiplyRows } from "./multiply";
export { dotF32, pairBf16, pairF32, readF32, subtractF32 } from "./pair";
export { addSketch, foldSketch } from "./sketch";
