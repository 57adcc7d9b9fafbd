import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  countSketch,
  decodeBf16,
  decodeF16,
  dot,
  mergeCentral,
  momentsOf,
  multiplyTransposed,
  normQuantiles,
  pairMoments,
  pairMomentsBf16,
  rowSquares,
  shapeOf,
  sketchKey,
} from ".";

/** Values about ±2, the same on every run. */
function values(n: number, seed = 1): Float32Array {
  let state = seed;
  return Float32Array.from({ length: n }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state / 2 ** 31 - 1) * 2;
  });
}

const bf16Of = (floats: Float32Array) =>
  Uint16Array.from(new Uint32Array(Float32Array.from(floats).buffer), (bits) => bits >>> 16);

const lengths = [0, 1, 3, 4, 7, 8, 9, 4095, 4096, 4097, 65_541, 262_151];

function plainPair(a: Float32Array, b: Float32Array) {
  let [sumA, sumB, sumAA, sumBB, sumAB, equal] = [0, 0, 0, 0, 0, 0];
  a.forEach((x, i) => {
    const y = b[i] as number;
    sumA += x;
    sumB += y;
    sumAA += x * x;
    sumBB += y * y;
    sumAB += x * y;
    if (x === y) equal += 1;
  });
  return { n: a.length, sumA, sumB, sumAA, sumBB, sumAB, equal };
}

describe("pairMoments", () => {
  it("agrees with a plain loop, at every length that lanes, groups and chunks do not divide", () => {
    for (const n of lengths) {
      const [a, b] = [values(n), values(n, 2)];
      for (let i = 0; i < n; i += 3) b[i] = a[i] as number;
      const found = pairMoments(a, b);
      const expected = plainPair(a, b);
      expect(found.equal).toBe(expected.equal);
      for (const key of ["sumA", "sumB", "sumAA", "sumBB", "sumAB"] as const) {
        expect(Math.abs(found[key] - expected[key])).toBeLessThanOrEqual(1e-6 * (n + 1));
      }
      const half = [bf16Of(a), bf16Of(b)] as const;
      const narrow = pairMomentsBf16(...half);
      const wide = plainPair(decodeBf16(half[0]), decodeBf16(half[1]));
      expect(narrow.equal).toBe(wide.equal);
      expect(Math.abs(narrow.sumAB - wide.sumAB)).toBeLessThanOrEqual(1e-6 * (n + 1));
    }
  });

  it("gives equal vectors exactly equal sums, and swaps with its arguments", () => {
    const [a, b] = [values(10_007), values(10_007, 5)];
    const same = pairMoments(a, a);
    expect([same.sumBB, same.sumAB, same.equal]).toEqual([same.sumAA, same.sumAA, 10_007]);
    const [there, back] = [pairMoments(a, b), pairMoments(b, a)];
    expect([back.sumB, back.sumA, back.sumBB, back.sumAA, back.sumAB]).toEqual([
      ...[there.sumA, there.sumB, there.sumAA, there.sumBB, there.sumAB],
    ]);
    expect(dot(a, b)).toBe(there.sumAB);
  });

  it("adds zeros of both signs as equal, and lets NaN equal nothing", () => {
    const a = Float32Array.of(0, -0, Number.NaN, 1, Number.POSITIVE_INFINITY, 0, 0, 0, Number.NaN);
    const b = Float32Array.of(-0, 0, Number.NaN, 1, Number.POSITIVE_INFINITY, 1, 0, 0, Number.NaN);
    expect(pairMoments(a, b).equal).toBe(6);
    expect(pairMoments(a, b).sumAB).toBeNaN();
    expect(pairMomentsBf16(bf16Of(a), bf16Of(b)).equal).toBe(6);
  });

  it("refuses vectors of different lengths", () => {
    expect(() => pairMoments(new Float32Array(3), new Float32Array(4))).toThrow(RangeError);
  });
});

describe("moments", () => {
  it("sums powers about zero", () => {
    for (const n of lengths) {
      const { sum, sum2, sum3, sum4 } = momentsOf(values(n));
      const expected = [1, 2, 3, 4].map((power) => values(n).reduce((total, x) => total + x ** power, 0));
      [sum, sum2, sum3, sum4].forEach((found, i) => {
        expect(Math.abs(found - (expected[i] as number))).toBeLessThanOrEqual(1e-5 * (n + 1));
      });
    }
  });

  it("merges parts into what the whole has", () => {
    const part = (list: number[]) => {
      const mean = list.reduce((sum, x) => sum + x, 0) / list.length;
      const power = (p: number) => list.reduce((sum, x) => sum + (x - mean) ** p, 0);
      return Float64Array.of(list.length, mean, power(2), power(3), power(4));
    };
    const numbers = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(numbers, numbers, (left, right) => {
        const merged = new Float64Array(5);
        mergeCentral(merged, part(left));
        mergeCentral(merged, part(right));
        part([...left, ...right]).forEach((expected, i) => {
          expect(merged[i]).toBeCloseTo(expected, 8);
        });
      }),
    );
  });

  it("describes a shape, and nothing that is not finite", () => {
    const shape = shapeOf(Float64Array.of(4, 1, 8, 0, 16));
    expect(shape).toEqual({ mean: 1, sd: Math.SQRT2, kurtosis: -2 });
    expect(shapeOf(Float64Array.of(4, 1, 0, 0, 0))).toEqual({ mean: 1, sd: 0, kurtosis: 0 });
    expect(shapeOf(new Float64Array(5))).toBeNull();
    expect(shapeOf(Float64Array.of(4, Number.NaN, 1, 1, 1))).toBeNull();
  });

  it("sums the squares of rows, and takes the quantiles of their norms", () => {
    for (const [rows, cols] of [
      [1, 9],
      [7, 1],
      [100, 4097],
      [70_000, 1],
    ] as const) {
      const matrix = values(rows * cols);
      const found = rowSquares(matrix, rows, cols);
      for (let row = 0; row < rows; row += Math.ceil(rows / 50)) {
        const expected = matrix.subarray(row * cols, (row + 1) * cols).reduce((sum, x) => sum + x * x, 0);
        expect(Math.abs((found[row] as number) - expected)).toBeLessThan(1e-5 * cols);
      }
    }
    expect(normQuantiles(Float64Array.of(16, 4, 9, 1), 2)).toEqual([2, 4]);
    expect(normQuantiles(Float64Array.of(9), 3)).toEqual([3, 3, 3]);
  });
});

describe("decoding", () => {
  it("knows every binary16", () => {
    const found = decodeF16(Uint16Array.from({ length: 65_536 }, (_, code) => code));
    const wrong = [...found.keys()].filter((code) => {
      const [sign, exponent, fraction] = [code & 0x8000 ? -1 : 1, (code >> 10) & 31, code & 1023];
      const small = sign * fraction * 2 ** -24;
      const large = sign * (1024 + fraction) * 2 ** (exponent - 25);
      const special = fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
      return !Object.is(found[code], exponent === 31 ? special : exponent === 0 ? small : large);
    });
    expect(wrong).toEqual([]);
  });

  it("knows every bfloat16", () => {
    const found = decodeBf16(Uint16Array.from({ length: 65_536 + 5 }, (_, code) => code & 0xffff));
    const expected = new Float32Array(
      Uint32Array.from({ length: 65_541 }, (_, code) => (code & 0xffff) << 16).buffer,
    );
    expect(found).toEqual(expected);
  });
});

/** The construction of assembly/sketch.ts once more, element by element. */
function plainSketch(matrix: Float32Array, start: number, cols: number, key: { low: number; high: number }) {
  const mixed = (value: number) => {
    let h = value | 0;
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    return (h ^ (h >>> 16)) >>> 0;
  };
  const sums = new Float64Array(1024);
  matrix.forEach((value, i) => {
    const row = Math.floor((start + i) / cols);
    const column = start + i - row * cols;
    const [block, c] = [column >> 10, column & 1023];
    const hash = mixed(key.low ^ mixed((row + mixed((Math.imul(block, 0x9e3779b1) + key.high) | 0)) | 0));
    let state = mixed(hash ^ (Math.imul(0x9e3779b9, (c & 3) + 1) | 0)) | 1;
    for (let step = 0; step <= c >> 7; step++) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
    }
    const sign = (state << ((c >> 2) & 31)) & 0x80000000 ? -1 : 1;
    const bucket = ((mixed(hash ^ 0x27d4eb2f) & 1023) + c) & 1023;
    sums[bucket] = (sums[bucket] as number) + sign * value;
  });
  return sums;
}

describe("countSketch", () => {
  const key = sketchKey("test", ["up", "weight", 3]);

  it("puts every element where its row and column say", () => {
    for (const [rows, cols] of [
      [1, 5000],
      [3, 1024],
      [37, 96],
      [5, 2050],
      [11, 27],
      [900, 1],
    ] as const) {
      const matrix = values(rows * cols);
      const found = countSketch(matrix, 0, cols, key);
      plainSketch(matrix, 0, cols, key).forEach((expected, i) => {
        expect(found[i]).toBeCloseTo(expected, 4);
      });
    }
  });

  it("adds up over parts, cut anywhere", () => {
    const [rows, cols] = [9, 1300];
    const matrix = values(rows * cols);
    const whole = countSketch(matrix, 0, cols, key);
    for (const cut of [1, 1027, 5203, 11_699]) {
      const parts = [
        countSketch(matrix.subarray(0, cut), 0, cols, key),
        countSketch(matrix.subarray(cut), cut, cols, key),
      ] as const;
      whole.forEach((expected, i) => {
        expect((parts[0][i] as number) + (parts[1][i] as number)).toBeCloseTo(expected, 4);
      });
    }
  });

  it("keeps cosines to within its own spread, and keys apart", () => {
    const n = 16 * 4096;
    const [a, noise] = [values(n), values(n, 77)];
    const b = a.map((x, i) => x + (noise[i] as number));
    const cosine = (x: Float32Array, y: Float32Array) => {
      const { sumAA, sumBB, sumAB } = pairMoments(x, y);
      return sumAB / Math.sqrt(sumAA * sumBB);
    };
    const [sa, sb] = [countSketch(a, 0, 4096, key), countSketch(b, 0, 4096, key)];
    expect(Math.abs(cosine(sa, sb) - cosine(a, b))).toBeLessThan(5 * 0.5 * (1 / 32));
    expect(Math.abs(cosine(sa, countSketch(a, 0, 4096, sketchKey("test", ["down"]))))).toBeLessThan(5 / 32);
    expect(Math.abs(cosine(sa, countSketch(noise, 0, 4096, key)))).toBeLessThan(5 / 32);
  });
});

describe("multiplyTransposed", () => {
  it("agrees with plain sums, whatever the sizes", () => {
    for (const [m, n, k] of [
      [1, 1, 1],
      [2, 4, 4],
      [5, 7, 13],
      [3, 9, 4099],
      [300, 5, 40],
      [17, 30, 9000],
    ] as const) {
      const [a, b] = [values(m * k), values(n * k, 9)];
      const found = multiplyTransposed(a, b, m, n, k);
      for (let i = 0; i < m; i += Math.ceil(m / 9)) {
        for (let j = 0; j < n; j++) {
          let sum = 0;
          for (let x = 0; x < k; x++) sum += (a[i * k + x] as number) * (b[j * k + x] as number);
          expect(Math.abs((found[i * n + j] as number) - sum)).toBeLessThan(1e-5 * Math.sqrt(k) * 8);
        }
      }
    }
  });

  it("gives a product the same bits wherever its rows stand", () => {
    const k = 1003;
    const a = values(7 * k);
    const all = multiplyTransposed(a, a, 7, 7, k);
    for (let i = 0; i < 7; i++) {
      for (let j = 0; j < 7; j++) {
        const row = (r: number) => a.subarray(r * k, (r + 1) * k);
        expect(multiplyTransposed(row(i), row(j), 1, 1, k)[0]).toBe(all[i * 7 + j]);
        expect(all[i * 7 + j]).toBe(all[j * 7 + i]);
      }
    }
  });

  it("refuses operands of another size", () => {
    expect(() => multiplyTransposed(new Float32Array(5), new Float32Array(6), 2, 2, 3)).toThrow(RangeError);
  });
});
