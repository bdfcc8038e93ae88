import { createRequire } from 'node:module';

import { describe, expect, test } from 'vitest';

import { disposableList, isDisposable } from '../../shared/contacts/disposable.ts';
import { readAsset } from '../../shared/platform/assets.ts';

const list = disposableList([
  'mailinator.com',
  'wegwerf.example',
  'trash-mail.com',
  'lándwirt.com',
  'mailinator.com',
]);

describe('isDisposable', () => {
  test.each([
    'mailinator.com',
    'wegwerf.example',
    'trash-mail.com',
    'xn--lndwirt-hwa.com',
    'a.b.mailinator.com',
  ])('knows %s', (domain) => {
    expect(isDisposable(domain, list)).toBe(true);
  });

  test.each(['example', 'com', 'example.com', 'notmailinator.com', 'mailinator.com.de', 'mailinator'])(
    'does not mistake %s',
    (domain) => {
      expect(isDisposable(domain, list)).toBe(false);
    },
  );

  test('an empty list knows nothing', () => {
    expect(isDisposable('mailinator.com', disposableList([]))).toBe(false);
  });

  test('the same domains make the same list, in any order and however often', () => {
    expect(disposableList(['b.com', 'a.com', 'b.com'])).toEqual(disposableList(['a.com', 'b.com']));
    expect(disposableList(['a.com', 'b.com'])).toHaveLength(10);
  });
});

describe('the list that is shipped', () => {
  const shipped = readAsset('disposable-domains.bin');

  test('holds every domain of the package and finds each of them', () => {
    const domains = createRequire(import.meta.url)('disposable-email-domains') as string[];
    expect(shipped.length / 5).toBeGreaterThan(domains.length - 10);
    const ascii = domains.filter((domain) => /^[a-z0-9.-]+$/.test(domain));
    expect(ascii.filter((domain, index) => index % 10 === 0 && !isDisposable(domain, shipped))).toEqual([]);
  });

  test.each([
    ...[
      'gmail.com',
      'googlemail.com',
      'gmx.de',
      'gmx.net',
      'web.de',
      't-online.de',
      'freenet.de',
      'outlook.com',
    ],
    ...[
      'hotmail.com',
      'icloud.com',
      'yahoo.de',
      'posteo.de',
      'mailbox.org',
      'proton.me',
      'siemens.com',
      'bosch.com',
    ],
    ...['uni-kiel.de', 'bluewin.ch', 'a1.net', 'aon.at', 'example.com', 'example.org', 'nordlicht.example'],
  ])('does not hold %s', (domain) => {
    expect(isDisposable(domain, shipped)).toBe(false);
  });
});
