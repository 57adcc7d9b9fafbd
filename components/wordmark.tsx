/** Three slips tied by two cords; the middle one has been pulled out of line, which shows. */
export function SlipsMark() {
  return (
    <svg viewBox="0 0 28 34" aria-hidden="true" focusable="false">
      <g fill="none" stroke="currentColor" strokeWidth="1.6">
        <rect x="2" y="3" width="6.4" height="28" />
        <rect x="10.8" y="1" width="6.4" height="28" />
        <rect x="19.6" y="3" width="6.4" height="28" />
        <path d="M0 10.5h28M0 22.5h28" strokeWidth="1.2" />
      </g>
    </svg>
  );
}
