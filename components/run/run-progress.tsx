"use client";

import { useEffect, useState } from "react";
import type { RunProgressDto } from "@/lib/verification";

export interface RunProgressText {
  readonly label: string;
  readonly queued: string;
  readonly reload: string;
  /** Sentences of the phases by code; "other" for those a newer engine knows */
  readonly phases: Readonly<Record<string, string>>;
  /** "Step DONE of TOTAL" */
  readonly step: string;
  /** "read so far: BYTES" */
  readonly read: string;
  readonly locale: string;
}

interface RunProgressProps {
  readonly initial: RunProgressDto;
  readonly text: RunProgressText;
}

/**
 * Real progress, as the worker reports it. The server renders where the run stands; where scripts run, a stream
 * keeps it up to date and the page is loaded anew when the run has ended. Without them a link looks again.
 */
export function RunProgress({ initial, text }: RunProgressProps) {
  const [now, setNow] = useState(initial);

  useEffect(() => {
    const stream = new EventSource(`/api/v1/runs/${initial.id}/progress`);
    stream.addEventListener("progress", (event) => {
      const next = JSON.parse((event as MessageEvent<string>).data) as RunProgressDto | null;
      if (next === null) return;
      setNow(next);
      if (!next.ended) return;
      stream.close();
      // The page is cached for some seconds: give it the time to be made anew.
      window.setTimeout(() => window.location.reload(), 400);
    });
    return () => stream.close();
  }, [initial.id]);

  const { progress } = now;
  const phase = progress ? (text.phases[progress.phase] ?? text.phases.other) : text.queued;
  const steps = progress
    ? text.step.replace("DONE", String(progress.done)).replace("TOTAL", String(progress.total))
    : null;
  return (
    <div className="progress">
      <p aria-live="polite">
        {phase}
        {steps ? <span className="note tabular"> · {steps}</span> : null}
      </p>
      <progress aria-label={text.label} max={progress?.total ?? 1} value={progress ? progress.done : 0} />
      <p className="note tabular">
        {progress && progress.bytesRead > 0
          ? text.read.replace(
              "BYTES",
              new Intl.NumberFormat(text.locale, {
                style: "unit",
                unit: "kilobyte",
                maximumFractionDigits: 0,
              }).format(progress.bytesRead / 1000),
            )
          : null}
      </p>
      <noscript>
        <p>
          <a href="?">{text.reload}</a>
        </p>
      </noscript>
    </div>
  );
}
