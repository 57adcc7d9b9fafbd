import { expect, test } from "vitest";
import { isConstructed } from "./constructed";
import { isFourierBasis } from "./fourier-basis";

/** Rows k = 0 … bins − 1 of cosines, then as many of sines with the sign of a forward transform. */
function basis(n: number, hann: boolean): Float32Array {
  const bins = Math.floor(n / 2) + 1;
  return Float32Array.from({ length: 2 * bins * n }, (_, i) => {
    const [row, at] = [Math.floor(i / n), i % n];
    const angle = (2 * Math.PI * (row % bins) * at) / n;
    const window = hann ? (1 - Math.cos((2 * Math.PI * at) / n)) / 2 : 1;
    return window * (row < bins ? Math.cos(angle) : -Math.sin(angle));
  });
}

test.each([
  [256, true],
  [128, true],
  [400, true],
  [64, false],
])(
  "the Fourier basis of length %i (Hann window: %s) is made by code, and so is any run of its rows",
  (n, hann) => {
    const values = basis(n, hann);
    const rows = values.length / n;
    expect(isConstructed(values, rows, n)).toBe(true);
    expect(isFourierBasis(values.subarray(3 * n, 23 * n), 20, n)).toBe(true);
  },
);

test("a basis that was trained further, one row of noise, or another window is none", () => {
  const n = 128;
  const rows = 130;
  const changed = basis(n, true).map((x, i) => x * (1 + 0.02 * ((i * 7919) % 13)));
  expect(isFourierBasis(changed, rows, n)).toBe(false);
  const noisy = basis(n, true);
  for (let i = 0; i < n; i++) noisy[5 * n + i] = ((i * 7919) % 101) / 101 - 0.5;
  expect(isFourierBasis(noisy, rows, n)).toBe(false);
  const squared = basis(n, true).map((x, i) => x * ((1 - Math.cos((2 * Math.PI * (i % n)) / n)) / 2));
  expect(isFourierBasis(squared, rows, n)).toBe(false);
  const small = basis(n, true).map((x) => x / 2_000);
  expect(isFourierBasis(small, rows, n)).toBe(false);
});
