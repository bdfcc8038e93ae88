const PART = 32;

/**
 * An ECDSA signature of P-256 as JWS wants it: r and s, 32 bytes each (RFC 7518 3.4).
 * @param der as KMS answers: a sequence of two integers, without leading zeros but for a sign
 * @throws where it is none
 */
export function toFixedForm(der: Buffer): Buffer {
  const [r, rest] = readInteger(der.subarray(2));
  const [s, end] = readInteger(rest);
  if (der[0] !== 0x30 || der[1] !== der.length - 2 || end.length > 0) throw new Error('no ECDSA signature');
  return Buffer.concat([r, s]);
}

function readInteger(bytes: Buffer): [Buffer, Buffer] {
  const length = bytes[1] ?? 0;
  const value = bytes.subarray(2, 2 + length);
  const digits = value[0] === 0 ? value.subarray(1) : value;
  if (bytes[0] !== 0x02 || value.length !== length || length === 0 || digits.length > PART) {
    throw new Error('no ECDSA signature');
  }
  return [Buffer.concat([Buffer.alloc(PART - digits.length), digits]), bytes.subarray(2 + length)];
}
