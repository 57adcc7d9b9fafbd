import type { ReactNode } from "react";
import type { FindingCode, ProcedureState, RunStateCode } from "./axes";

/** Frame of every mark: lines in the colour of the text beside it. */
export function Shape({ children }: { readonly children: ReactNode }) {
  return (
    <svg
      viewBox="0 0 16 16"
      aria-hidden="true"
      focusable="false"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
    >
      {children}
    </svg>
  );
}

/** Two releases side by side. */
export const slips = (
  <>
    <rect x="1.5" y="1" width="4" height="14" />
    <rect x="10.5" y="1" width="4" height="14" />
  </>
);

const findingShapes: Readonly<Record<FindingCode, ReactNode>> = {
  not_examined: <g strokeDasharray="2 1.6">{slips}</g>,
  inconclusive: (
    <>
      {slips}
      <path d="M5.5 8h5" strokeDasharray="1 1.2" />
    </>
  ),
  consistent_with_independent: (
    <>
      {slips}
      <path d="M8 0.5v15" strokeWidth="1" />
    </>
  ),
  consistent_with_derivation: (
    <>
      {slips}
      <path d="M5.5 8h5" />
    </>
  ),
  attributed: (
    <>
      {slips}
      <path d="M5.5 8h5" />
      <circle cx="8" cy="8" r="1.7" fill="currentColor" />
    </>
  ),
  licence_terms_not_met: (
    <>
      {slips}
      <path d="M5.5 8h1.2M9.3 8h1.2" />
      <circle cx="8" cy="8" r="1.3" strokeWidth="1" />
    </>
  ),
  acknowledged: (
    <>
      {slips}
      <path d="M5.5 5h5M5.5 11h5" />
    </>
  ),
};

export const ring = <circle cx="8" cy="8" r="6.2" />;

const procedureShapes: Readonly<Record<ProcedureState, ReactNode>> = {
  draft: <circle cx="8" cy="8" r="6.2" strokeDasharray="2.2 1.7" />,
  notified: (
    <>
      {ring}
      <path d="M8 4v4.2l2.8 1.6" />
    </>
  ),
  open: ring,
  under_verification: (
    <>
      {ring}
      <circle cx="8" cy="8" r="2.4" fill="currentColor" stroke="none" />
    </>
  ),
  resolved: <circle cx="8" cy="8" r="6.2" fill="currentColor" />,
  withdrawn: (
    <>
      {ring}
      <path d="M3.6 12.4l8.8-8.8" />
    </>
  ),
};

const runShapes: Readonly<Record<RunStateCode, ReactNode>> = {
  queued: procedureShapes.draft,
  running: procedureShapes.under_verification,
  finished: procedureShapes.resolved,
  failed: (
    <>
      {ring}
      <path d="M8 4.2v4.6M8 10.6v1.4" />
    </>
  ),
  cancelled: procedureShapes.withdrawn,
};

export function FindingShape({ finding }: { readonly finding: FindingCode }) {
  return <Shape>{findingShapes[finding]}</Shape>;
}

export function ProcedureShape({ state }: { readonly state: ProcedureState }) {
  return <Shape>{procedureShapes[state]}</Shape>;
}

export function RunShape({ state }: { readonly state: RunStateCode }) {
  return <Shape>{runShapes[state]}</Shape>;
}
