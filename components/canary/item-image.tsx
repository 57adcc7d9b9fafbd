/** The picture of a revealed item, as it was committed. White behind it: transparent ink on a dark page is unreadable. */
export function ItemImage({ sha256, alt }: { readonly sha256: string; readonly alt: string }) {
  return (
    // biome-ignore lint/performance/noImgElement: the very bytes that were committed, unscaled and unconverted
    <img
      className="item-image"
      src={`/api/v1/blobs/sha256/${sha256}`}
      alt={alt}
      loading="lazy"
      decoding="async"
    />
  );
}
