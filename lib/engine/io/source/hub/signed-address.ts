const unstatedMs = 5 * 60_000;
const longestMs = 60 * 60_000;
const marginMs = 30_000;

/**
 * When a signed address stops working, in milliseconds of the epoch, with a margin: CloudFront's `Expires`,
 * S3's `X-Amz-Date` + `X-Amz-Expires`. An address that does not say is trusted for five minutes.
 */
export function expiryOf(url: URL, now: number): number {
  const stated = [cloudFront(url), amazon(url)].filter((time) => time !== null);
  const until = stated.length === 0 ? now + unstatedMs : Math.min(...stated) - marginMs;
  return Math.min(until, now + longestMs);
}

function cloudFront(url: URL): number | null {
  const seconds = url.searchParams.get("Expires");
  return seconds !== null && /^\d{9,11}$/.test(seconds) ? Number(seconds) * 1000 : null;
}

function amazon(url: URL): number | null {
  const seconds = url.searchParams.get("X-Amz-Expires");
  const date = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(url.searchParams.get("X-Amz-Date") ?? "");
  if (seconds === null || !/^\d{1,7}$/.test(seconds) || !date) return null;
  const [year, month, day, hour, minute, second] = date.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return Date.UTC(year, month - 1, day, hour, minute, second) + Number(seconds) * 1000;
}
