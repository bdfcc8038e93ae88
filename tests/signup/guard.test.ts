import { afterEach, describe, expect, test } from 'vitest';

import { HOUR, setClockOffset } from '../../shared/platform/clock.ts';
import { signToken } from '../../shared/platform/token.ts';
import type { LinkKeys } from '../../shared/platform/token.ts';
import { limits as limitsSchema } from '../../shared/settings/limits.ts';
import { clientKey } from '../../shared/signup/client-address.ts';
import { CHALLENGES, checkFormToken, formToken, isRegisteredOrigin } from '../../shared/signup/guard.ts';

const key = (letter: string) => letter.repeat(43);
const links: LinkKeys = { current: 'k2', keys: { k1: key('A'), k2: key('B') } };
const limits = limitsSchema.parse({});
const form = { id: 'newsletter', version: 3 };

afterEach(() => setClockOffset(0));

describe('checkFormToken', () => {
  const check = (token: string | undefined, shown = form) => checkFormToken(links, shown, limits, token).kind;

  test('T7 a form filled in at a human pace passes and tells when it was shown', () => {
    const before = Date.now();
    const token = formToken(links, form);
    setClockOffset(5_000);
    const result = checkFormToken(links, form, limits, token);
    if (result.kind !== 'ok') throw new Error(result.kind);
    expect(Date.parse(result.shownAt)).toBeGreaterThanOrEqual(before);
  });

  test.each([
    [0, 'too-fast'],
    [1_500, 'too-fast'],
    [2_050, 'ok'],
    [2 * HOUR - 1_000, 'ok'],
    [2 * HOUR + 1_000, 'too-late'],
    [-HOUR, 'too-fast'],
  ])('T7 %d ms after it was shown: %s', (age, kind) => {
    const token = formToken(links, form);
    setClockOffset(age);
    expect(check(token)).toBe(kind);
  });

  test('no token, a changed one, one of another form or kind are told apart from a good one', () => {
    const token = formToken(links, form);
    const shown = (Date.now() - 60_000).toString(36);
    setClockOffset(10_000);
    expect(check(undefined)).toBe('missing');
    expect(check(token, { id: 'open-house', version: 3 })).toBe('forged');
    expect(check(`${token}x`)).toBe('forged');
    expect(check(token.replace('newsletter', 'newslettes'))).toBe('forged');
    expect(check(signToken(links, 'page', ['newsletter', '3', shown, 'n']))).toBe('forged');
    expect(check(signToken(links, 'form', ['newsletter', shown]))).toBe('forged');
    expect(check('x'.repeat(10_000))).toBe('forged');
    expect(check('')).toBe('forged');
  });

  test('E1 a form that was changed meanwhile is shown again, before its age counts', () => {
    const token = formToken(links, form);
    expect(check(token, { ...form, version: 4 })).toBe('changed');
  });

  test('a form shown before a key rotation can still be sent', () => {
    const token = formToken({ ...links, current: 'k1' }, form);
    setClockOffset(10_000);
    expect(check(token)).toBe('ok');
  });

  test('two forms shown at the same time have tokens of their own', () => {
    expect(formToken(links, form)).not.toBe(formToken(links, form));
  });
});

describe('isRegisteredOrigin', () => {
  const form = { origins: ['https://www.nordlicht.example'] };
  const own = 'https://assent.example';

  test.each([
    ['same-origin', 'https://assent.example', true],
    ['same-origin', 'null', true],
    ['cross-site', 'https://www.nordlicht.example', true],
    [undefined, undefined, true],
    [undefined, 'https://assent.example', true],
    [undefined, 'https://www.nordlicht.example', true],
    [undefined, 'null', false],
    ['cross-site', 'null', false],
    ['cross-site', 'https://evil.example', false],
    ['same-site', 'https://evil.nordlicht.example', false],
    [undefined, 'http://www.nordlicht.example', false],
    [undefined, 'https://www.nordlicht.example.evil.example', false],
    [undefined, 'https://www.nordlicht.example:8443', false],
    [undefined, '', false],
  ])('T9 Sec-Fetch-Site %s with Origin %s: %s', (secFetchSite, origin, registered) => {
    expect(isRegisteredOrigin({ secFetchSite, origin }, own, form)).toBe(registered);
  });
});

describe('clientKey', () => {
  test.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['::FFFF:cb00:7107', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002:ffff:ffff:ffff:ffff', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['1.2.3', 'unknown'],
    ['', 'unknown'],
    ['evil', 'unknown'],
  ])('T7 %s counts as %s', (ip, counted) => {
    expect(clientKey(ip)).toBe(counted);
  });
});

test('the seam for a proof of work lets everybody pass where a form asks for none', async () => {
  expect(await CHALLENGES.none(undefined)).toBe(true);
});
