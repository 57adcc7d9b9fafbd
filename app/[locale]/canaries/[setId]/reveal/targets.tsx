"use client";

import { saveFile } from "@/components/canary/save-file";
import type { CanaryWords } from "@/components/canary/words";
import type { Opened } from "./open-secrets-file";

interface TargetsProps {
  readonly words: CanaryWords["reveal"];
  readonly opened: Opened;
  /** Null while the number that draws the labels is not known. */
  readonly nonce: string | null;
}

/** What the author of random labels trains on, drawn and saved in this browser. */
export function Targets({ words, opened, nonce }: TargetsProps) {
  async function save(drawn: string): Promise<void> {
    const items = await opened.targets(drawn);
    const text = items.map((item) => `${JSON.stringify(item)}\n`).join("");
    saveFile({ name: `canary-${opened.setId.slice(0, 8)}.targets.jsonl`, text });
  }
  return (
    <section className="stack" aria-labelledby="targets">
      <h2 id="targets">{words.targetsTitle}</h2>
      {nonce === null ? (
        <p className="measure">{words.targetsWaiting}</p>
      ) : (
        <>
          <p className="measure">{words.targetsText}</p>
          <p>
            <button type="button" className="button quiet" onClick={() => void save(nonce)}>
              {words.targetsAct}
            </button>
          </p>
        </>
      )}
    </section>
  );
}
