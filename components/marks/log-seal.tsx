import { useTranslations } from "next-intl";

interface LogSealProps {
  readonly state: "waiting" | "sealed";
  /** Address of the proof, once there is one */
  readonly href?: string;
}

/** 印: this is in the log, here is its proof. Until then a dashed outline where it will be. */
export function LogSeal({ state, href }: LogSealProps) {
  const t = useTranslations("common.seal");
  const content = (
    <>
      <svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">
        {state === "sealed" ? (
          <>
            <rect x="1" y="1" width="22" height="22" rx="2" fill="currentColor" />
            <text
              x="12"
              y="17.3"
              textAnchor="middle"
              fontSize="15"
              fontFamily="var(--serif)"
              fill="var(--paper)"
            >
              印
            </text>
          </>
        ) : (
          <rect
            x="1.5"
            y="1.5"
            width="21"
            height="21"
            rx="2"
            fill="none"
            stroke="currentColor"
            strokeWidth="1.5"
            strokeDasharray="3 2.4"
          />
        )}
      </svg>
      <span title={state === "waiting" ? t("waitingHint") : undefined}>{t(state)}</span>
    </>
  );
  return href ? (
    <a className="seal" data-state={state} href={href}>
      {content}
    </a>
  ) : (
    <span className="seal" data-state={state}>
      {content}
    </span>
  );
}
