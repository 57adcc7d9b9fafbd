/** Of one set; whatever is beyond them is refused with a CanaryError before it costs memory. */
export const limits = {
  items: 100_000,
  /** Bytes of one item in canonical JSON. */
  itemBytes: 64 * 1024,
  imageBytes: 4 * 1024 * 1024,
  /** Pixels of the longer side of an image. */
  imageSide: 8192,
  /** Code points of an id. */
  idLength: 128,
  /** All images of a set together: they go into its secrets file. */
  secretsBytes: 128 * 1024 * 1024,
  /** Fewest options of a random-label item. */
  labelOptions: 16,
  /** References that one judgement takes: its time grows with the square of their number. */
  references: 200,
} as const;
