/** Bytes in decimal units, rounded for reading: "17.07 GB". */
export function formatSize(bytes: number, locale: string): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = bytes === 0 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), units.length - 1);
  const value = bytes / 1000 ** power;
  const digits = power === 0 ? 0 : value < 10 ? 2 : value < 100 ? 1 : 0;
  const number = new Intl.NumberFormat(locale, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return `${number.format(value)} ${units[power]}`;
}
