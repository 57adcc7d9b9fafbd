import Link from "next/link";
import { useLocale } from "next-intl";
import type { ReactNode } from "react";

interface PageLinkProps {
  /** Path without the language, e.g. "/cases/SLP-2026-0001" */
  readonly href: string;
  readonly className?: string;
  readonly id?: string;
  readonly rel?: string;
  readonly "aria-label"?: string;
  readonly children: ReactNode;
}

/** A link inside the site that stays in the page's language. For server components. */
export function PageLink({ href, children, ...rest }: PageLinkProps) {
  const locale = useLocale();
  return (
    <Link href={`/${locale}${href === "/" ? "" : href}`} prefetch={false} {...rest}>
      {children}
    </Link>
  );
}
