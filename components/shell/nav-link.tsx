"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";

/** A link of the masthead that says when its section is the one being read. */
export function NavLink({ href, label }: { readonly href: string; readonly label: string }) {
  const pathname = usePathname();
  const here = pathname === href ? "page" : pathname.startsWith(`${href}/`) ? "true" : undefined;
  return (
    <Link href={href} prefetch={false} aria-current={here}>
      {label}
    </Link>
  );
}
