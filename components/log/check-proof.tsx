"use client";

import { Fragment, useEffect, useRef, useState } from "react";
import { Shape } from "@/components/marks/shapes";
import type { LogErrorCode } from "@/lib/engine/log";
import { type Checked, checkBundle, type Trouble } from "./check-bundle";

export interface CheckWords {
  readonly file: string;
  readonly fileHint: string;
  readonly number: string;
  readonly numberHint: string;
  readonly key: string;
  readonly keyHint: string;
  readonly act: string;
  readonly working: string;
  readonly steps: string;
  readonly good: string;
  readonly goodOwn: string;
  readonly goodFile: string;
  readonly goodSite: string;
  readonly bad: string;
  readonly unread: string;
  readonly held: string;
  readonly failed: string;
  readonly meaning: string;
  readonly trouble: Readonly<Record<Trouble, string>>;
  /** Sentences for the steps by their ids */
  readonly step: Readonly<Record<string, string>>;
  /** Why a step fails, by the error's code */
  readonly reason: Readonly<Record<LogErrorCode, string>>;
}

interface CheckProofProps {
  readonly words: CheckWords;
  /** Verifier keys of this log, the newest first; none while it has none */
  readonly siteKeys: readonly string[];
}

/** Checks a bundle in this browser: the file is read here and sent nowhere. Absent where no script runs. */
export function CheckProof({ words, siteKeys }: CheckProofProps) {
  const [ready, setReady] = useState(false);
  const [entry, setEntry] = useState("");
  const [key, setKey] = useState("");
  const [file, setFile] = useState<File | null>(null);
  const [over, setOver] = useState(false);
  const [working, setWorking] = useState(false);
  const [checked, setChecked] = useState<Checked | null>(null);
  const result = useRef<HTMLHeadingElement>(null);

  useEffect(() => {
    setReady(true);
    const asked = new URLSearchParams(window.location.search).get("entry");
    if (asked !== null && /^\d{1,15}$/.test(asked)) setEntry(asked);
  }, []);
  useEffect(() => {
    if (checked !== null) result.current?.focus();
  }, [checked]);

  async function check(given: File | null): Promise<void> {
    setWorking(true);
    setChecked(null);
    setChecked(await checkBundle({ file: given, entry, key, siteKeys }));
    setWorking(false);
  }

  if (!ready) return null;
  return (
    <>
      <form
        className="form stack"
        onSubmit={(event) => {
          event.preventDefault();
          void check(file);
        }}
      >
        {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the field inside is the first */}
        <div
          className="field drop-zone"
          data-over={over}
          onDragOver={(event) => {
            event.preventDefault();
            setOver(true);
          }}
          onDragLeave={() => setOver(false)}
          onDrop={(event) => {
            event.preventDefault();
            setOver(false);
            const dropped = event.dataTransfer.files[0] ?? null;
            setFile(dropped);
            if (dropped !== null) void check(dropped);
          }}
        >
          <label htmlFor="file">{words.file}</label>
          <p className="hint" id="file-hint">
            {words.fileHint}
          </p>
          <input
            id="file"
            type="file"
            className="control"
            accept=".zip,application/zip"
            aria-describedby="file-hint"
            onChange={(event) => setFile(event.currentTarget.files?.[0] ?? null)}
          />
        </div>
        {siteKeys.length === 0 ? null : (
          <div className="field">
            <label htmlFor="entry">{words.number}</label>
            <p className="hint" id="entry-hint">
              {words.numberHint}
            </p>
            <input
              id="entry"
              type="text"
              inputMode="numeric"
              pattern="[0-9]{1,15}"
              className="control"
              value={entry}
              aria-describedby="entry-hint"
              onChange={(event) => setEntry(event.currentTarget.value)}
            />
          </div>
        )}
        <div className="field">
          <label htmlFor="key">{words.key}</label>
          <p className="hint" id="key-hint">
            {words.keyHint}
          </p>
          <input
            id="key"
            type="text"
            className="control"
            data-code=""
            spellCheck={false}
            autoCapitalize="off"
            value={key}
            placeholder={siteKeys[0]}
            aria-describedby="key-hint"
            onChange={(event) => setKey(event.currentTarget.value)}
          />
        </div>
        <button type="submit" className="button" disabled={working}>
          {working ? words.working : words.act}
        </button>
      </form>
      {checked === null ? null : (
        <section className="section" aria-labelledby="result">
          <h2 id="result" tabIndex={-1} ref={result}>
            {headline(checked, words)}
          </h2>
          {checked.outcome === "trouble" ? <p className="measure">{words.trouble[checked.trouble]}</p> : null}
          {checked.outcome === "checked" ? <Steps checked={checked} words={words} /> : null}
        </section>
      )}
    </>
  );
}

function headline(checked: Checked, words: CheckWords): string {
  if (checked.outcome === "trouble") return words.unread;
  return checked.good ? words.good : words.bad;
}

function Steps({
  checked,
  words,
}: {
  readonly checked: Extract<Checked, { outcome: "checked" }>;
  readonly words: CheckWords;
}) {
  return (
    <>
      {checked.good ? (
        <p className="measure">
          {{ given: words.goodOwn, site: words.goodSite, file: words.goodFile }[checked.trusted]}
          {checked.keys.map((key) => (
            <Fragment key={key}>
              <br />
              <code className="verifier-key">{key}</code>
            </Fragment>
          ))}
        </p>
      ) : null}
      <h3>{words.steps}</h3>
      <ol className="check-steps measure">
        {checked.steps.map((step) => (
          <li key={`${step.id} ${step.detail}`} data-holds={step.ok}>
            <Held ok={step.ok} />
            <div>
              <strong>{step.ok ? words.held : words.failed}</strong> · {words.step[step.id] ?? step.id}
              {step.code === null ? (
                <div className="note">{step.detail}</div>
              ) : (
                <div className="note">
                  {words.reason[step.code]} <span lang="en">({step.detail})</span>
                </div>
              )}
            </div>
          </li>
        ))}
      </ol>
      <p className="note measure">{words.meaning}</p>
    </>
  );
}

/** A full ring, or an empty one that is struck through. */
function Held({ ok }: { readonly ok: boolean }) {
  return (
    <Shape>
      <circle cx="8" cy="8" r="6.2" fill={ok ? "currentColor" : "none"} />
      {ok ? null : <path d="M3.6 12.4l8.8-8.8" />}
    </Shape>
  );
}
