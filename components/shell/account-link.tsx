"use client";

import { usePathname } from "next/navigation";
import { useEffect, useState } from "react";

interface AccountLinkProps {
  readonly locale: string;
  readonly signInLabel: string;
  /** Shown for accounts without a name */
  readonly accountLabel: string;
}

/**
 * Who is signed in, asked from the browser: public pages are rendered once for everybody and never read cookies.
 * Without scripts it stays a link to the sign-in page, which sends the signed-in on to their account.
 */
export function AccountLink({ locale, signInLabel, accountLabel }: AccountLinkProps) {
  const pathname = usePathname();
  const [name, setName] = useState<string | null>(null);

  useEffect(() => {
    const asked = new AbortController();
    fetch("/api/auth/session", { signal: asked.signal, headers: { accept: "application/json" } })
      .then(async (response) => (response.ok ? ((await response.json()) as SessionAnswer | null) : null))
      .then((session) => setName(session?.user ? (session.user.name ?? accountLabel) : null))
      .catch(() => undefined);
    return () => asked.abort();
  }, [accountLabel]);

  if (name !== null) return <a href={`/${locale}/account`}>{name}</a>;
  return <a href={`/${locale}/sign-in?next=${encodeURIComponent(pathname)}`}>{signInLabel}</a>;
}

interface SessionAnswer {
  readonly user?: { readonly name?: string | null };
}
