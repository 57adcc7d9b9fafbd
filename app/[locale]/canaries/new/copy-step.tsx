"use client";

import { useState } from "react";
import { OpenSecrets } from "@/components/canary/open-secrets";
import { saveFile } from "@/components/canary/save-file";
import { fill } from "@/components/canary/words";
import type { Locale } from "@/i18n/locales";
import { checkCopy, type Sealed, type SecretsFile } from "./seal-set";
import type { CommitWords } from "./words";

interface CopyStepProps {
  readonly words: CommitWords;
  readonly locale: Locale;
  readonly sealed: Sealed;
  readonly onGood: () => void;
}

/**
 * The author saves the secrets a second time, encrypted anew, so that the two files differ in every byte that matters;
 * then both are loaded again. Each has to open and to lead to the very same root, and the same file does not count twice.
 */
export function CopyStep({ words, locale, sealed, onGood }: CopyStepProps) {
  const [second, setSecond] = useState<SecretsFile | null>(null);
  const [saving, setSaving] = useState(false);
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());

  async function save(): Promise<void> {
    if (saving || sealed.sealAgain === null) return;
    setSaving(true);
    try {
      const file = second ?? (await sealed.sealAgain());
      setSecond(file);
      saveFile(file);
    } finally {
      setSaving(false);
    }
  }

  async function open(bytes: Uint8Array, passphrase: string): Promise<string | null> {
    const engine = await import("@/lib/engine/canary");
    const outcome = await checkCopy(engine, bytes, passphrase, sealed);
    if (outcome === "other-set") return words.copyOtherSet;
    if (outcome === "differs") return words.copyDiffers;
    const text = new TextDecoder().decode(bytes);
    if (opened.has(text)) return words.copySame;
    const now = new Set([...opened, text]);
    setOpened(now);
    if (now.size > 1) onGood();
    return null;
  }

  const items = new Intl.NumberFormat(locale).format(sealed.request.terms.items);
  const said = ["", fill(words.copyFirst, { items })][opened.size] ?? fill(words.copyGood, { items });
  return (
    <>
      <p className="measure">{words.copyText}</p>
      <p>
        <button
          type="button"
          className="button quiet"
          aria-disabled={saving || undefined}
          onClick={() => void save()}
        >
          {saving ? words.encrypting : words.copySave}
        </button>
      </p>
      <OpenSecrets
        words={{
          file: words.copyFile,
          passphrase: words.copyPassphrase,
          open: words.copyOpen,
          opening: words.copyOpening,
          none: words.copyNone,
          trouble: words.summary,
        }}
        problems={words.problems}
        prefix="copy-"
        said={said}
        onOpen={open}
      />
      <p className="note measure">{words.copyChecks}</p>
    </>
  );
}
