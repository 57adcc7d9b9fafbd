import { SeededStream } from "../weights/sample-seed";
import { normalQuantile } from "./elementary";

/** `n` seeded draws from a standard normal distribution, by inversion of 32 uniform bits. The same on every machine. */
export function normals(seed: string, label: string, n: number): Float32Array {
  const stream = new SeededStream(seed, label);
  return Float32Array.from({ length: n }, () => normalQuantile((stream.uint32() + 0.5) / 4294967296));
}
