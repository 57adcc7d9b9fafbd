/**
 * How close a model stands to the original: its hits (drawn labels), or the share of joint errors on which it gives the
 * original's answer, x/(n + 1), so that one shared error of one is not the closest there can be.
 */
export interface Closeness {
  readonly numerator: number;
  readonly denominator: number;
}

/** p_rank = (1 + references at least as close)/(K + 1): exact if suspect and references are exchangeable. */
export function rankP(
  suspect: Closeness,
  references: readonly Closeness[],
): { readonly p: number; readonly floor: number; readonly atLeastAsClose: number } {
  const atLeastAsClose = references.filter(
    (reference) => reference.numerator * suspect.denominator >= suspect.numerator * reference.denominator,
  ).length;
  return {
    p: (1 + atLeastAsClose) / (references.length + 1),
    floor: 1 / (references.length + 1),
    atLeastAsClose,
  };
}
