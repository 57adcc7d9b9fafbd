import type { Database, Transaction } from "@/lib/platform/database";

export { createListener, type Listener } from "./listener";

/** NOTIFY that goes out when the transaction commits. PostgreSQL allows payloads below 8,000 bytes. */
export async function notify(db: Database | Transaction, channel: string, payload: string): Promise<void> {
  if (Buffer.byteLength(payload) > 7900) throw new RangeError("payload of a notification is too long");
  // pg_notify returns void, which the driver cannot read: hence the cast.
  await db.$queryRaw`SELECT pg_notify(${channel}, ${payload})::text`;
}
