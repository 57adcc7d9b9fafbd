"use client";

import { useState } from "react";
import { type Trouble, troubleOf } from "@/components/canary/trouble";
import { TroubleNote } from "@/components/canary/trouble-note";
import { fill } from "@/components/canary/words";
import { TextField } from "@/components/forms/field";
import type { Locale } from "@/i18n/locales";
import { checkCopy, type Sealed } from "./seal-set";
import type { CommitWords } from "./words";

interface CopyStepProps {
  readonly words: CommitWords;
  readonly locale: Locale;
  readonly sealed: Sealed;
  readonly onGood: () => void;
}

/** The author loads the saved file again: it has to open, and to lead to the very same root. */
export function CopyStep({ words, locale, sealed, onGood }: CopyStepProps) {
  const [busy, setBusy] = useState(false);
  const [good, setGood] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);

  async function open(form: FormData): Promise<void> {
    const file = form.get("copy");
    setGood(false);
    setTrouble(null);
    if (!(file instanceof File) || file.size === 0)
      return setTrouble({ sentence: words.copyNone, detail: null });
    setBusy(true);
    try {
      const engine = await import("@/lib/engine/canary");
      const bytes = new Uint8Array(await file.arrayBuffer());
      const outcome = await checkCopy(engine, bytes, String(form.get("copyPassphrase") ?? ""), sealed);
      if (outcome === "good") {
        setGood(true);
        onGood();
      } else
        setTrouble({
          sentence: outcome === "other-set" ? words.copyOtherSet : words.copyDiffers,
          detail: null,
        });
    } catch (error) {
      setTrouble(troubleOf(error, words.problems));
    } finally {
      setBusy(false);
    }
  }

  return (
    <>
      <p className="measure">{words.copyText}</p>
      <form
        className="form stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy) void open(new FormData(event.currentTarget));
        }}
      >
        <TextField name="copy" type="file" label={words.copyFile} />
        <TextField name="copyPassphrase" type="password" label={words.copyPassphrase} autoComplete="off" />
        <button type="submit" className="button" aria-disabled={busy || undefined}>
          {busy ? words.copyOpening : words.copyOpen}
        </button>
        {trouble === null ? null : <TroubleNote title={words.summary} trouble={trouble} />}
        <p role="status">
          {good
            ? fill(words.copyGood, {
                items: new Intl.NumberFormat(locale).format(sealed.request.terms.items),
              })
            : ""}
        </p>
      </form>
    </>
  );
}
