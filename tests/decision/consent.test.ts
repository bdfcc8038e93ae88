import { afterAll, describe, expect, test } from 'vitest';

import { receiveEvent } from '../../shared/outbox/receive-event.ts';
import { toSendId } from '../../shared/outbox/send-id.ts';
import { gradeGrants } from '../../shared/permission/grade.ts';
import { readEntries } from '../../shared/permission/store.ts';
import { DAY, MINUTE, now, plus } from '../../shared/platform/clock.ts';
import { confirmToken } from '../../shared/signup/links.ts';
import { BRAND, CONTROLLER, advanceClock, openTestSystem, resetClock, sdkError } from '../support/system.ts';
import { decideAs, decideOne } from './people.ts';

const system = await openTestSystem();
const { deps } = system;
afterAll(resetClock);

/** A sign-up whose mail is on its way, and what its owner and SES do next. */
async function begin(email: string, answer: Error | { messageId: string } = { messageId: 'ses-1' }) {
  system.answers.push(answer);
  await system.signUp(email);
  await system.look(email);
  const [requestId = ''] = (await system.pendingOf(email))?.requests.keys() ?? [];
  const addressKey = await system.keyOf(email);
  const contactId = async () => (await system.contactOf(email))?.id ?? '';
  return {
    confirm: async () => {
      advanceClock(MINUTE);
      const ref = { brand: BRAND, form: 'newsletter', addressKey, requestId };
      expect((await system.confirm(confirmToken(await deps.secrets.linkKeys(), ref))).kind).toBe('confirmed');
      return contactId();
    },
    arrive: () =>
      receiveEvent(deps, {
        ...{ kind: 'delivery', messageId: 'ses-1', at: now(), sentAt: now(), recipients: [email] },
        sendId: toSendId({ kind: 'signup', brand: BRAND, addressKey, requestId }),
        tenant: CONTROLLER,
        smtpResponse: '250 OK',
      }),
    answer: async () => (await decideOne(deps, await contactId())).decision,
    grades: async () => gradeGrants(await readEntries(deps.db, await contactId())).map(({ grade }) => grade),
  };
}

describe('G5 double opt-in asks for the complete proof', () => {
  test('which the ordinary way ends with at once', async () => {
    const anna = await begin('anna@example.com');
    await anna.arrive();
    await anna.confirm();
    expect(await anna.grades()).toEqual(['A']);
    expect(await anna.answer()).toMatchObject({ allowed: true });
  });

  test.each([
    ['it is known that its mail arrived', { messageId: 'ses-1' }],
    ['SES answered that it took its mail', sdkError('TimeoutError')],
  ])('and where the owner is faster: not before %s', async (why, answer) => {
    const ben = await begin(`ben-${why.length}@example.com`, answer);
    const id = await ben.confirm();
    const refused = { allowed: false, reason: 'unproven', evidence: [1], wouldNeed: ['double-opt-in'] };
    expect(await ben.answer()).toMatchObject(refused);
    expect(await ben.grades()).toEqual(['B']);
    const early = now();
    advanceClock(MINUTE);
    await ben.arrive();
    expect(await ben.answer()).toMatchObject({ allowed: true, evidence: [1] });
    expect(await ben.grades()).toEqual(['A']);
    // What was not known then was no proof then.
    advanceClock(DAY);
    const asked = { candidates: [{ ref: { id } }], past: true };
    const [then] = await decideAs(deps, { ...asked, at: early });
    expect(then).toMatchObject({ decision: { reason: 'unproven' } });
    const [later] = await decideAs(deps, { ...asked, at: plus(early, 2 * MINUTE) });
    expect(later).toMatchObject({ decision: { allowed: true } });
  });

  test('told twice, and at the same time as the click', async () => {
    const cleo = await begin('cleo@example.com');
    await Promise.all([cleo.arrive(), cleo.confirm(), cleo.arrive()]);
    expect(await cleo.grades()).toEqual(['A']);
    expect(await cleo.answer()).toMatchObject({ allowed: true });
  });
});
