"use client";

import { useCallback, useEffect, useState } from "react";
import type { Locale } from "@/i18n/locales";
import type { PublicCommitment } from "@/lib/engine/canary";
import { type Checked, checkOpenings } from "./check-openings";
import { type CanaryWords, fill } from "./words";

interface VerifyOpeningsProps {
  readonly commitment: PublicCommitment;
  /** Of a random-label set whose number is known: labels are drawn again. */
  readonly nonce: string | null;
  /** Of a random-label set the fewest options that its terms promise; null of other sets. */
  readonly fewestOptions: number | null;
  /** Openings that there should be, by what was revealed. */
  readonly stated: number;
  readonly locale: Locale;
  readonly words: Pick<
    CanaryWords["set"],
    | "verifying"
    | "verified"
    | "verifiedBad"
    | "verifiedFewer"
    | "verifiedInvalid"
    | "verifyAct"
    | "verifyFailed"
    | "targetsGood"
    | "imagesGood"
  >;
}

/** More than so many openings are checked only when the reader asks for it. */
const atOnce = 500;

/** Checks all openings in this browser and says what came out. Absent where no script runs. */
export function VerifyOpenings({
  commitment,
  nonce,
  fewestOptions,
  stated,
  locale,
  words,
}: VerifyOpeningsProps) {
  const [state, setState] = useState<"absent" | "idle" | "checking" | "failed" | Checked>("absent");
  const [done, setDone] = useState(0);
  const number = new Intl.NumberFormat(locale);
  const { setId, root, authorKeyId, size } = commitment;

  const check = useCallback(async () => {
    setState("checking");
    setDone(0);
    try {
      setState(
        await checkOpenings({
          commitment: { setId, root, authorKeyId, size },
          nonce,
          fewestOptions,
          onProgress: setDone,
        }),
      );
    } catch {
      setState("failed");
    }
  }, [setId, root, authorKeyId, size, nonce, fewestOptions]);

  useEffect(() => {
    if (stated <= atOnce) void check();
    else setState("idle");
  }, [stated, check]);

  if (state === "absent") return null;
  return (
    <div className="stack stack-tight">
      <p role="status" className="measure">
        {typeof state === "object" ? (
          <Outcome checked={state} stated={stated} words={words} number={number} />
        ) : null}
        {state === "failed" ? words.verifyFailed : null}
      </p>
      {state === "checking" ? (
        <div className="progress">
          <p className="note">
            {fill(words.verifying, { done: number.format(done), total: number.format(stated) })}
          </p>
          <progress aria-label={words.verifyAct} max={stated} value={done} />
        </div>
      ) : null}
      {state === "idle" || state === "failed" ? (
        <button type="button" className="button quiet" onClick={() => void check()}>
          {words.verifyAct}
        </button>
      ) : null}
    </div>
  );
}

function Outcome({
  checked,
  stated,
  words,
  number,
}: {
  readonly checked: Checked;
  readonly stated: number;
  readonly words: VerifyOpeningsProps["words"];
  readonly number: Intl.NumberFormat;
}) {
  const { total, bad, invalid, targets, images } = checked;
  const all = { total: number.format(total), good: number.format(total - bad.length) };
  if (bad.length > 0) {
    const list = listed(bad);
    return <strong>{fill(words.verifiedBad, { ...all, bad: number.format(bad.length), list })}</strong>;
  }
  if (total < stated)
    return <strong>{fill(words.verifiedFewer, { total: all.total, stated: number.format(stated) })}</strong>;
  if (invalid.length > 0) {
    const facts = { ...all, count: number.format(invalid.length), list: listed(invalid) };
    return <strong>{fill(words.verifiedInvalid, facts)}</strong>;
  }
  return (
    <>
      {fill(words.verified, all)}{" "}
      {targets > 0 ? fill(words.targetsGood, { total: number.format(targets) }) : null}{" "}
      {images > 0 ? fill(words.imagesGood, { total: number.format(images) }) : null}
    </>
  );
}

const listed = (indices: readonly number[]) =>
  indices.slice(0, 20).join(", ") + (indices.length > 20 ? ", …" : "");
