/** `n` draws from a standard normal distribution by Box and Muller, from a small generator seeded by both strings. */
export function normals(seed: string, label: string, n: number): Float32Array {
  let state = 2166136261;
  for (const unit of `${seed}\n${label}`)
    state = Math.imul(state ^ (unit.codePointAt(0) as number), 16777619);
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const out = new Float32Array(n);
  for (let i = 0; i < n; i += 2) {
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
    const angle = 2 * Math.PI * uniform();
    out[i] = radius * Math.cos(angle);
    if (i + 1 < n) out[i + 1] = radius * Math.sin(angle);
  }
  return out;
}
