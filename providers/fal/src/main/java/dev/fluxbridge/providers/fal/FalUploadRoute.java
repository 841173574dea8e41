package dev.fluxbridge.providers.fal;

/** The two ways into fal's storage. Both end in the same kind of address. */
public enum FalUploadRoute {
  /**
   * fal signs an address for one file, and the bytes go there without any key: the default, because
   * nothing that could be stolen on the way opens more than that one file, and because it works
   * where a gateway in between claims the {@code Authorization} header. fal's JavaScript client
   * does it so.
   */
  PRESIGNED,
  /**
   * The key is exchanged for a token of the storage, which goes along with all bytes until it runs
   * out: one exchange less for each file. fal's Python client does it so.
   */
  CDN_TOKEN
}
