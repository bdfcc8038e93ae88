import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { maskAddress, parseEmailAddress } from '../../shared/contacts/email-address.ts';

describe('parseEmailAddress', () => {
  test.each([
    ['anna@example.com', 'anna@example.com', 'anna@example.com'],
    ['  Anna.Schmidt@Example.COM ', 'anna.schmidt@example.com', 'anna.schmidt@example.com'],
    ['anna+news@example.com', 'anna+news@example.com', 'anna@example.com'],
    ['anna+a+b@example.com', 'anna+a+b@example.com', 'anna@example.com'],
    ['+31@example.com', '+31@example.com', '+31@example.com'],
    ['info@müller-antriebe.de', 'info@xn--mller-antriebe-gsb.de', 'info@xn--mller-antriebe-gsb.de'],
    ['info@MÜLLER.de', 'info@xn--mller-kva.de', 'info@xn--mller-kva.de'],
    ['info@почта.рф', 'info@xn--80a1acny.xn--p1ai', 'info@xn--80a1acny.xn--p1ai'],
    ["o'neill&sons@example.co.uk", "o'neill&sons@example.co.uk", "o'neill&sons@example.co.uk"],
    [`${'a'.repeat(64)}@example.com`, `${'a'.repeat(64)}@example.com`, `${'a'.repeat(64)}@example.com`],
  ])('takes %s', (input, match, limit) => {
    expect(parseEmailAddress(input)).toEqual({
      ok: true,
      address: { delivery: input.trim(), match, limit, domain: match.split('@')[1] },
    });
  });

  test.each(['', '   '])('asks for an address where there is none: %j', (input) => {
    expect(parseEmailAddress(input)).toEqual({ ok: false, code: 'email-missing' });
  });

  test.each([
    'anna',
    'anna@',
    '@example.com',
    'anna@example',
    'anna@@example.com',
    'a@b@example.com',
    'anna@example..com',
    'anna@.example.com',
    'anna@example.com.',
    'anna@-example.com',
    'anna@example-.com',
    'anna@example.123',
    'anna@1.2.3.4',
    'anna@[127.0.0.1]',
    'anna@exa mple.com',
    'an na@example.com',
    '.anna@example.com',
    'anna.@example.com',
    'an..na@example.com',
    '"anna schmidt"@example.com',
    '"anna"@example.com',
    'anna(comment)@example.com',
    'Anna <anna@example.com>',
    'anna@example.com, bert@example.com',
    'anna@example.com;bert@example.com',
    'jörg@example.com',
    'anna@exa%6dple.com',
    'anna@exam\u00ADple.com',
    'anna@example\u200B.com',
    'anna@a\u202Eb.com',
    'anna@example.com/x',
    'anna@example.com:25',
    'anna@xn--zz.com\u0000',
    'anna@example.com\r\nBcc: bert@example.com',
    'anna\n@example.com',
    'anna@example.com\n',
    '\tanna@example.com',
    `${'a'.repeat(65)}@example.com`,
    `anna@${'a'.repeat(64)}.com`,
    `anna@${`${'a'.repeat(60)}.`.repeat(5)}com`,
    'a'.repeat(10_000),
  ])('refuses %j', (input) => {
    expect(parseEmailAddress(input)).toEqual({ ok: false, code: 'email-invalid' });
  });

  const local = fc.stringMatching(/^[a-zA-Z0-9]{1,10}(\.[a-zA-Z0-9_-]{1,10}){0,2}(\+[a-z0-9]{1,8})?$/);
  const domain = fc.stringMatching(/^[a-zA-Z0-9]{2,12}(-[a-z0-9]{1,6})?\.(de|com|co\.uk|museum)$/);

  test('the match key is its own match key, and holds nothing but lower-case ASCII', () => {
    fc.assert(
      fc.property(local, domain, (name, host) => {
        const parsed = parseEmailAddress(`${name}@${host}`);
        if (!parsed.ok) throw new Error(`refused ${name}@${host}`);
        const again = parseEmailAddress(parsed.address.match);
        expect(again.ok && again.address.match).toBe(parsed.address.match);
        expect(parsed.address.match).toMatch(/^[!-~]+$/);
        expect(parsed.address.match).toBe(parsed.address.match.toLowerCase());
      }),
    );
  });

  test('T7 upper case, spaces around and tags lead to one limit key', () => {
    fc.assert(
      fc.property(local, domain, fc.stringMatching(/^[a-z0-9+]{1,8}$/), (name, host, tag) => {
        const plain = parseEmailAddress(`${name}@${host}`);
        const [bare = ''] = name.split('+');
        const tagged = parseEmailAddress(` ${bare.toUpperCase()}+${tag}@${host.toUpperCase()} `);
        expect(plain.ok && plain.address.limit).toBe(tagged.ok && tagged.address.limit);
      }),
    );
  });

  test('nothing that is accepted can break out of a header or hold a space', () => {
    expect.hasAssertions();
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), fc.string({ maxLength: 20 }), (a, b) => {
        const parsed = parseEmailAddress(`${a}@${b}.com`);
        expect(parsed.ok ? parsed.address.delivery : '').not.toMatch(/[\p{Cc}\s<>",;()]/u);
      }),
      { numRuns: 500 },
    );
  });
});

describe('maskAddress', () => {
  test.each([
    ['anna@example.com', 'a•••a@example.com'],
    ['Al@example.com', 'A•••@example.com'],
    ['a@example.com', 'a•••@example.com'],
    ['anna.schmidt+news@müller.de', 'a•••s@müller.de'],
  ])('%s becomes %s', (address, masked) => {
    expect(maskAddress(address)).toBe(masked);
  });
});
