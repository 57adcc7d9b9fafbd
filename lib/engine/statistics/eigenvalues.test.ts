import { describe, expect, it } from "vitest";
import { normals } from "@/tests/support/normals";
import { symmetricEigenvalues } from "./eigenvalues";

describe("symmetric eigenvalues", () => {
  it("finds those of the second difference, 2 − 2 cos(kπ / (n + 1))", () => {
    const n = 12;
    const matrix = Float64Array.from({ length: n * n }, (_, at) => {
      const distance = Math.abs(Math.floor(at / n) - (at % n));
      return distance === 0 ? 2 : distance === 1 ? -1 : 0;
    });
    const expected = Array.from({ length: n }, (_, i) => 2 - 2 * Math.cos(((n - i) * Math.PI) / (n + 1)));
    symmetricEigenvalues(matrix, n).forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i] as number, 12);
    });
  });

  it("keeps trace and square sum of a dense matrix, and its rank", () => {
    const [n, rank] = [40, 7];
    const factor = normals("eigen", "dense", n * rank);
    const matrix = new Float64Array(n * n);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++)
        for (let k = 0; k < rank; k++)
          matrix[i * n + j] =
            (matrix[i * n + j] as number) +
            (factor[i * rank + k] as number) * (factor[j * rank + k] as number);
    const values = symmetricEigenvalues(matrix, n);
    const trace = matrix.reduce((sum, x, at) => (Math.floor(at / n) === at % n ? sum + x : sum), 0);
    const squares = matrix.reduce((sum, x) => sum + x * x, 0);
    expect(values.reduce((sum, x) => sum + x, 0)).toBeCloseTo(trace, 8);
    expect(values.reduce((sum, x) => sum + x * x, 0)).toBeCloseTo(squares, 6);
    expect(values.filter((x) => x > 1e-9 * trace)).toHaveLength(rank);
  });

  it("takes the smallest and the emptiest", () => {
    expect([...symmetricEigenvalues(Float64Array.of(3), 1)]).toEqual([3]);
    expect([...symmetricEigenvalues(new Float64Array(4), 2)]).toEqual([0, 0]);
    const [large, small] = symmetricEigenvalues(Float64Array.of(0, 1, 1, 0), 2);
    expect(large).toBeCloseTo(1, 12);
    expect(small).toBeCloseTo(-1, 12);
  });
});
