import { describe, expect, test } from 'vitest';

import type { Mail } from '../../infra/local/mailbox.ts';
import { checkPromises } from './promises.ts';
import type { Stored } from './stored.ts';
import type { Acknowledged } from './visits.ts';

const NOTHING: Stored = {
  contacts: [],
  chains: new Map(),
  pending: [],
  mails: new Map(),
  pointers: new Set(),
};

function told(some: Partial<Acknowledged> = {}): Acknowledged {
  return { signUps: new Set(), confirmations: new Set(), withdrawals: new Set(), ...some };
}

function mailAt(at: string, sendId = 's_1'): Mail {
  const empty = { from: '', subject: '', html: '', text: '', headers: {}, configurationSet: '' };
  return { ...empty, messageId: at, at, to: 'a@visitors.example', tags: { sendId } };
}

/** The promises that do not hold. */
function broken(...args: Parameters<typeof checkPromises>): string[] {
  return checkPromises(...args).flatMap(({ promise, broken: where }) => (where.length > 0 ? [promise] : []));
}

describe('the check after the kills', () => {
  test('is content where nobody was told anything and nothing is stored', () => {
    expect(broken(told(), [], NOTHING, [])).toEqual([]);
  });

  test('misses what was acknowledged and is nowhere', () => {
    const all = told({
      signUps: new Set(['a@visitors.example']),
      confirmations: new Set(['r1']),
      withdrawals: new Set(['con_1']),
    });
    expect(broken(all, [], NOTHING, [])).toEqual([
      'an acknowledged sign-up is mailed or waits',
      'an acknowledged confirmation is recorded, once',
      'an acknowledged withdrawal is recorded and holds',
    ]);
  });

  test('S7 lets a mail come twice only right before a kill, and never three times', () => {
    const first = '2026-11-22T08:00:00.000Z';
    const copies = [mailAt(first), mailAt('2026-11-22T08:10:00.000Z')];
    const twice = 'a mail comes twice only where nobody could know that it came';
    expect(broken(told(), copies, NOTHING, [Date.parse(first) + 20])).toEqual([]);
    expect(broken(told(), copies, NOTHING, [Date.parse(first) + 5_000])).toEqual([twice]);
    const thrice = [...copies, mailAt('2026-11-22T08:20:00.000Z')];
    expect(broken(told(), thrice, NOTHING, [])).toEqual(['no mail comes more than twice']);
  });
});
