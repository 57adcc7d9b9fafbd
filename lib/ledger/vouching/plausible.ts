/** How far the clock of a witness or an authority and the one of this machine may differ. */
const skewMs = 300_000;

/** A date from outside is worth nothing when it lies before the thing it dates, or is still to come. */
export function isPlausible(time: Date, made: Date, now: Date): boolean {
  return time.getTime() >= made.getTime() - skewMs && time.getTime() <= now.getTime() + skewMs;
}
