import { afterAll, describe, expect, test } from 'vitest';

import { contactAt } from '../../shared/decision/contact-at.ts';
import type { Intent } from '../../shared/decision/reserve.ts';
import { readAddress, tellAddress } from '../../shared/contacts/store.ts';
import { DAY, HOUR, MINUTE, now, plus } from '../../shared/platform/clock.ts';
import type { Instant } from '../../shared/platform/clock.ts';
import { withdraw } from '../../shared/permission/withdraw.ts';
import { demoBrand } from '../../shared/settings/demo.ts';
import { act, draft, granted, reread } from '../permission/person.ts';
import { CONTROLLER, advanceClock, openTestSystem, resetClock } from '../support/system.ts';
import { agreed, decideAs, makePerson } from './people.ts';

const system = await openTestSystem();
const { deps } = system;
afterAll(resetClock);

const PERSON = { kind: 'person' } as const;
const leave = (contactId: string) =>
  withdraw(deps, {
    contactId,
    brand: demoBrand,
    scope: { kind: 'uses', uses: ['newsletter'] },
    route: 'one-click',
    actor: PERSON,
  });
/** The answer for one instant of the past. */
const then = async (contactId: string, at: Instant, use = 'newsletter') => {
  const [outcome] = await decideAs(deps, { candidates: [{ ref: { id: contactId } }], at, use, past: true });
  return outcome?.kind === 'decided' ? outcome.decision.reason : outcome?.kind;
};

describe('a past decision rests on what was true then', () => {
  test('before, between and after the acts, to the millisecond', async () => {
    const { id, createdAt } = await makePerson(deps, 'past@example.com', [agreed('newsletter')]);
    advanceClock(HOUR);
    const left = await leave(id);
    if (left.kind !== 'withdrawn') throw new Error(left.kind);
    advanceClock(HOUR);
    const again = await act(deps, id, draft([granted('newsletter', [], { from: 'withdrawn' })]));
    advanceClock(HOUR);

    const { updatedAt } = await reread(deps.db, id);
    expect(updatedAt).toBe(again.entry.at);
    const born = (await contactAt(deps.db, await reread(deps.db, id), plus(createdAt, MINUTE)))?.head.seq;
    expect(born).toBe(1);
    expect(await then(id, plus(createdAt, -1))).toBe('not-found');
    expect(await then(id, plus(createdAt, MINUTE))).toBe('allowed');
    expect(await then(id, plus(left.entry.at, -1))).toBe('allowed');
    expect(await then(id, left.entry.at)).toBe('withdrawn');
    expect(await then(id, plus(again.entry.at, -1))).toBe('withdrawn');
    expect(await then(id, again.entry.at)).toBe('allowed');
  });

  test('a message sent since does not stand in the way of one before, and a use since keeps nothing alive', async () => {
    const { id } = await makePerson(deps, 'sent@example.com', [agreed('newsletter')]);
    advanceClock(100 * DAY);
    const send: Intent = { kind: 'record', channel: 'email', mailing: 'm-1', topics: [] };
    const record = () => decideAs(deps, { candidates: [{ ref: { id } }], intent: send });
    await record();
    await record();
    const full = now();
    expect(await then(id, full)).toBe('frequency');
    expect(await then(id, plus(full, -MINUTE))).toBe('allowed');
    advanceClock(700 * DAY);
    const untouched = now();
    await record();
    advanceClock(DAY);
    // 700 days after the last of the messages before: still alive by those alone.
    expect(await then(id, untouched)).toBe('allowed');
    // Without them the consent would have ended two years after it began.
    const { lastUses, ...unused } = await reread(deps.db, id);
    expect(lastUses).toBeDefined();
    expect((await contactAt(deps.db, unused, untouched))?.lastUses).toEqual({});
  });

  test('a bounce or complaint counts from when it came in', async () => {
    const { id, addressKey = '' } = await makePerson(deps, 'bounced@example.com', [agreed('newsletter')]);
    advanceClock(HOUR);
    const at = now();
    await tellAddress(deps.db, CONTROLLER, addressKey, {
      kind: 'hard-bounce',
      at,
      reason: 'no such mailbox',
    });
    expect((await readAddress(deps.db, CONTROLLER, addressKey))?.suppression?.hard?.at).toBe(at);
    advanceClock(HOUR);
    expect(await then(id, plus(at, -1))).toBe('allowed');
    expect(await then(id, at)).toBe('suppressed');
  });
});
