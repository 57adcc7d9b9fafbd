import type { Database } from "@/lib/platform/database";
import { AppError } from "@/lib/platform/errors";
import { consume } from "@/lib/platform/rate-limit";

/** Sign-in mails in an hour: to one address, so that no mailbox is flooded; for one caller, so that not every mailbox is. */
export const signInMails = { address: 5, caller: 100 } as const;

/** False when either limit is used up. `caller` is the network address of whoever asks; null when unknown. */
export async function maySendTo(db: Database, address: string, caller: string | null): Promise<boolean> {
  const seconds = 3600;
  try {
    await consume(db, {
      name: "sign-in-mail-from",
      key: caller ?? "unknown",
      points: signInMails.caller,
      seconds,
    });
    await consume(db, {
      name: "sign-in-mail",
      key: address.toLowerCase(),
      points: signInMails.address,
      seconds,
    });
    return true;
  } catch (error) {
    if (error instanceof AppError && error.code === "too-many-requests") return false;
    throw error;
  }
}
