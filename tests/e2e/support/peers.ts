export const oidcClient = { id: "slipmark-tests", secret: "only-between-two-test-processes" } as const;

/** A value that global-setup left for the tests. */
export function given(name: string): string {
  const value = process.env[`E2E_${name}`];
  if (!value) throw new Error(`E2E_${name} is not set: run the browser tests through npm run test:e2e`);
  return value;
}
