/**
 * A time-stamping authority (RFC 3161): the only proof of time against whoever runs this system (H6). None is built
 * in; who offers one hands it to `nightly`, and keeps each token beside its root.
 */
export type TimestampAuthority = {
  /** @returns the TimeStampToken in DER over the SHA-256 (hex) of a signed root */
  stamp(sha256: string): Promise<Buffer>;
};
