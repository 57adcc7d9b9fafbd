import { notFound } from "next/navigation";

/** Addresses that no page has: answered in the reader's language, with 404. */
export default function NoSuchPage(): never {
  notFound();
}
