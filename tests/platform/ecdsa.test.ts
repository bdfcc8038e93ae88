import { createSign, createVerify, generateKeyPairSync } from 'node:crypto';

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { toFixedForm } from '../../shared/platform/ecdsa.ts';

const bytes = (length: number, first: number) =>
  Buffer.from([first, ...Array<number>(length - 1).fill(0x11)]);
const integer = (digits: Buffer) => Buffer.concat([Buffer.from([0x02, digits.length]), digits]);
/** A sequence of two integers as they stand there, well formed or not. */
function sequence(r: Buffer, s: Buffer): Buffer {
  const body = Buffer.concat([integer(r), integer(s)]);
  return Buffer.concat([Buffer.from([0x30, body.length]), body]);
}
/** A number as DER writes it: no zeros in front but the one that says it is positive. */
function toDer(fixed: Buffer): Buffer {
  const digits = fixed.subarray(
    Math.max(
      0,
      fixed.findIndex((byte) => byte !== 0),
    ),
  );
  return (digits[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.alloc(1), digits]) : digits;
}

describe('DER to r and s', () => {
  const full = bytes(32, 0x7f);
  test.each([
    { name: 'both of 32 bytes', r: full, s: full, want: [full, full] },
    { name: 'a zero in front as a sign', r: bytes(32, 0x80), s: full, want: [bytes(32, 0x80), full] },
    {
      name: 'r short by a byte',
      r: bytes(31, 0x7f),
      s: full,
      want: [Buffer.concat([Buffer.alloc(1), bytes(31, 0x7f)]), full],
    },
    {
      name: 's short, with a sign',
      r: full,
      s: bytes(31, 0xff),
      want: [full, Buffer.concat([Buffer.alloc(1), bytes(31, 0xff)])],
    },
    {
      name: 'r of one byte',
      r: bytes(1, 1),
      s: full,
      want: [Buffer.concat([Buffer.alloc(31), bytes(1, 1)]), full],
    },
  ])('H4 $name', ({ r, s, want }) => {
    expect(toFixedForm(sequence(toDer(r), toDer(s)))).toEqual(Buffer.concat(want));
  });

  test('H4 any r and s come back as they were', () => {
    const scalar = fc
      .uint8Array({ minLength: 32, maxLength: 32 })
      .map((found) => Buffer.from(found).fill(1, 31));
    const zeros = fc.nat(31);
    fc.assert(
      fc.property(scalar, scalar, zeros, zeros, (r, s, shorterR, shorterS) => {
        const [first, second] = [Buffer.from(r).fill(0, 0, shorterR), Buffer.from(s).fill(0, 0, shorterS)];
        expect(toFixedForm(sequence(toDer(first), toDer(second)))).toEqual(Buffer.concat([first, second]));
      }),
    );
  });

  test('H4 what OpenSSL signed in DER holds in the fixed form', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    // One in 128 has a short r or s.
    for (let round = 0; round < 300; round += 1) {
      const der = createSign('sha256').update(`${round}`).sign(privateKey);
      const fixed = toFixedForm(der);
      expect(fixed).toHaveLength(64);
      const holds = createVerify('sha256')
        .update(`${round}`)
        .verify({ key: publicKey, dsaEncoding: 'ieee-p1363' }, fixed);
      expect(holds).toBe(true);
    }
  });

  const good = sequence(bytes(32, 0x7f), bytes(32, 0x7f));
  test.each([
    ['nothing', Buffer.alloc(0)],
    ['no sequence', Buffer.concat([Buffer.from([0x31]), good.subarray(1)])],
    ['a wrong length', Buffer.concat([Buffer.from([0x30, good.length - 1]), good.subarray(2)])],
    ['cut off', good.subarray(0, -1)],
    ['something behind', Buffer.concat([good, Buffer.alloc(1)])],
    ['a third number', Buffer.concat([Buffer.from([0x30, 73]), good.subarray(2), integer(bytes(1, 1))])],
    ['another type', Buffer.concat([good.subarray(0, 2), Buffer.from([0x04]), good.subarray(3)])],
    ['an empty number', sequence(Buffer.alloc(0), bytes(32, 0x7f))],
    ['too large a number', sequence(bytes(33, 0x7f), bytes(32, 0x7f))],
  ])('%s is no signature', (_, der) => {
    expect(() => toFixedForm(der)).toThrow('no ECDSA signature');
  });
});
