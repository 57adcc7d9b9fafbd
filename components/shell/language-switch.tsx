"use client";

import { usePathname } from "next/navigation";
import type { MouseEvent } from "react";

interface LanguageSwitchProps {
  readonly to: string;
  readonly toTag: string;
  readonly label: string;
}

/** The same page in the other language: a plain link. With scripts it also keeps the search and the place on the page. */
export function LanguageSwitch({ to, toTag, label }: LanguageSwitchProps) {
  const pathname = usePathname();
  const rest = pathname.split("/").slice(2).join("/");
  const href = rest ? `/${to}/${rest}` : `/${to}`;

  function keepPlace(event: MouseEvent<HTMLAnchorElement>): void {
    event.currentTarget.href = href + window.location.search + window.location.hash;
  }

  return (
    <a href={href} hrefLang={toTag} lang={toTag} onClick={keepPlace}>
      {label}
    </a>
  );
}
