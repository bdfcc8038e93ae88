import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { randomToken } from '../../shared/platform/ids.ts';
import { readToken, signToken } from '../../shared/platform/token.ts';
import type { LinkKeys, TokenKind } from '../../shared/platform/token.ts';

const KINDS = ['confirm', 'unsubscribe', 'undo', 'undo-mail', 'page', 'form'] as const satisfies TokenKind[];
const [k1, k2] = [randomToken(), randomToken()];
const links: LinkKeys = { current: 'k1', keys: { k1 } };
const PARTS = ['con_3f', 'nordlicht', 'newsletter', ''];
const token = signToken(links, 'unsubscribe', PARTS);

describe('D7 a token', () => {
  test('gives back its parts, empty ones too', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[A-Za-z0-9_-]{0,20}$/), { maxLength: 6 }), (parts) => {
        for (const kind of KINDS) {
          expect(readToken(links, kind, parts.length, signToken(links, kind, parts))).toEqual(parts);
        }
      }),
    );
  });

  test('D7 of one kind is worth nothing as another', () => {
    for (const kind of KINDS) {
      const signed = signToken(links, kind, PARTS);
      const readable = KINDS.filter((other) => readToken(links, other, PARTS.length, signed));
      expect(readable).toEqual([kind]);
    }
  });

  test('T2 changed in any character, longer or shorter, is refused', () => {
    for (let at = 0; at < token.length; at += 1) {
      for (const other of ['A', 'b', '.', '-', 'é']) {
        if (token[at] === other) continue;
        const forged = `${token.slice(0, at)}${other}${token.slice(at + 1)}`;
        expect(readToken(links, 'unsubscribe', PARTS.length, forged)).toBeUndefined();
      }
      const shorter = token.slice(0, at) + token.slice(at + 1);
      expect(readToken(links, 'unsubscribe', PARTS.length, shorter)).toBeUndefined();
    }
    for (const added of ['A', '=', ' ', '\n', '.']) {
      expect(readToken(links, 'unsubscribe', PARTS.length, token + added)).toBeUndefined();
    }
  });

  test('parts cannot move over their borders', () => {
    const signed = signToken(links, 'page', ['ab', 'c']);
    expect(readToken(links, 'page', 2, signed.replace('ab.c', 'a.bc'))).toBeUndefined();
    expect(readToken(links, 'page', 1, signed.replace('ab.c', 'abc'))).toBeUndefined();
  });

  test('with another number of parts than asked for is refused', () => {
    for (const count of [0, 3, 5]) expect(readToken(links, 'unsubscribe', count, token)).toBeUndefined();
  });

  test.each([
    ['nothing', ''],
    ['a dot', '.'],
    ['dots', '.....'],
    ['words', 'hello'],
    ['an inherited name as key id', token.replace(/^k1/, '__proto__')],
    ['another inherited name', token.replace(/^k1/, 'constructor')],
  ])('%s is refused', (_, text) => {
    expect(readToken(links, 'unsubscribe', PARTS.length, text)).toBeUndefined();
  });

  test('any text is refused without an error', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 700 }), fc.nat({ max: 6 }), (text, count) => {
        expect(readToken(links, 'confirm', count, text)).toBeUndefined();
      }),
    );
  });

  test('T2 carries 256 bits of MAC in letters that survive any mail program', () => {
    expect(token).toMatch(/^[\w.-]+$/);
    expect(token.split('.').at(-1)).toHaveLength(43);
  });

  test('is never longer than 600 characters: longer ones are not even looked at', () => {
    const [fits, tooLong] = [600, 601].map((length) => signToken(links, 'page', ['x'.repeat(length - 47)]));
    expect([fits?.length, tooLong?.length]).toEqual([600, 601]);
    expect(readToken(links, 'page', 1, fits ?? '')).toHaveLength(1);
    expect(readToken(links, 'page', 1, tooLong ?? '')).toBeUndefined();
  });

  test.each(['anna@example.com', 'a.b', 'a b', 'ä', 'a\n', 'a/b'])(
    'U2 cannot be made with %j, and the error does not repeat it',
    (part) => {
      const sign = () => signToken(links, 'confirm', ['ok', part]);
      expect(sign).toThrow('a confirm token cannot hold the part given');
      expect(sign).not.toThrow(part);
    },
  );
});

describe('link keys', () => {
  const rotated: LinkKeys = { current: 'k2', keys: { k1, k2 } };

  test('U6 a link made before a rotation works after it, new links carry the new key', () => {
    expect(readToken(rotated, 'unsubscribe', PARTS.length, token)).toEqual(PARTS);
    const young = signToken(rotated, 'unsubscribe', PARTS);
    expect(young).toMatch(/^k2\./);
    expect(readToken(rotated, 'unsubscribe', PARTS.length, young)).toEqual(PARTS);
  });

  test('a token of a key that is gone or never was is refused', () => {
    const young = signToken(rotated, 'unsubscribe', PARTS);
    expect(readToken(links, 'unsubscribe', PARTS.length, young)).toBeUndefined();
    expect(readToken({ current: 'k2', keys: { k2 } }, 'unsubscribe', PARTS.length, token)).toBeUndefined();
  });

  test('the key id is signed: a token cannot be passed off as one of another key', () => {
    const same: LinkKeys = { current: 'k1', keys: { k1, k2: k1 } };
    expect(readToken(same, 'unsubscribe', PARTS.length, token.replace(/^k1/, 'k2'))).toBeUndefined();
  });

  test('nothing is signed without the current key', () => {
    expect(() => signToken({ current: 'k9', keys: { k1 } }, 'page', [])).toThrow('no link key k9');
  });
});
