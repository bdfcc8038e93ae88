import { describe, expect, test } from 'vitest';

import { capsFor } from '../../shared/frequency/caps.ts';
import type { CapInput } from '../../shared/frequency/caps.ts';
import { policy } from '../../shared/settings/policy.ts';

const { frequency } = policy.parse({ id: 'nordlicht-gmbh' });
const at = '2026-11-25T08:00:00.000Z';
const email = { channel: 'email', bulk: true } as const;
const caps = (more: Partial<CapInput> = {}) =>
  capsFor({ frequency, use: email, highAffinity: false, slots: [], at, ...more }).map(
    ({ count, days, reason, per }) => `${count}/${days} ${reason} ${per}`,
  );
const plain = ['2/7 frequency channel', '6/30 frequency channel'];

describe('DOMAIN 5 the smallest of all limits', () => {
  test.each([
    ['e-mail', {}, plain],
    ['interest band 1', { highAffinity: true }, ['4/7 frequency channel', '12/30 frequency channel']],
    ['call centre', { use: { channel: 'phone', bulk: true } }, ['1/30 frequency channel']],
    ['the owner’s calls', { use: { channel: 'phone', bulk: false } }, []],
    ['post', { use: { channel: 'post', bulk: true } }, ['1/30 frequency channel']],
    ['data', { use: { channel: 'data', bulk: true } }, []],
    ['a weekly wish', { wish: 'weekly' }, [...plain, '1/7 own-wish channel']],
    ['a monthly wish', { wish: 'monthly' }, [...plain, '1/30 own-wish channel']],
    [
      'a wish about e-mail only',
      { wish: 'monthly', use: { channel: 'post', bulk: true } },
      ['1/30 frequency channel'],
    ],
    ['G18 a promise', { promised: { count: 1, days: 7 } }, [...plain, '1/7 promised-frequency use']],
  ] satisfies [string, Partial<CapInput>, string[]][])('%s', (_, more, expected) => {
    expect(caps(more)).toEqual(expected);
  });

  const slow = '1/30 unanswered channel';
  const stop = '0/30 unanswered channel';
  const lately = '2026-11-01T08:00:00.000Z';
  test.each([
    ['nine messages', { count: 9, since: lately }, undefined],
    ['ten', { count: 10, since: lately }, slow],
    ['twelve', { count: 12, since: lately }, slow],
    ['thirteen', { count: 13, since: lately }, stop],
    ['a millisecond less than 180 days', { count: 1, since: '2026-05-29T08:00:00.001Z' }, undefined],
    ['180 days', { count: 1, since: '2026-05-29T08:00:00.000Z' }, slow],
  ])('without a reaction: %s', (_, unanswered, limit) => {
    expect(caps({ unanswered })).toEqual(limit ? [...plain, limit] : plain);
    expect(caps({ unanswered, use: { channel: 'post', bulk: true } })).toEqual(['1/30 frequency channel']);
  });

  test('long silence stops after three more messages; a reservation is none', () => {
    const unanswered = { count: 5, since: '2026-01-01T08:00:00.000Z' };
    const sent = (day: string) => ({ at: `2026-${day}T08:00:00.000Z`, same: false });
    const slots = [sent('06-29'), sent('07-01'), sent('08-01')];
    expect(caps({ unanswered, slots })).toContain(slow);
    expect(caps({ unanswered, slots: [...slots, { ...sent('11-25'), until: at }] })).toContain(slow);
    expect(caps({ unanswered, slots: [...slots, sent('09-01')] })).toContain(stop);
  });
});
