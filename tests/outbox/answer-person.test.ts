import { afterAll, expect, test } from 'vitest';

import { DAY, now } from '../../shared/platform/clock.ts';
import { answerPerson } from '../../shared/outbox/answer-person.ts';
import { askUs, requestsOf } from '../../shared/preferences/person-request.ts';
import { eraseContact } from '../../shared/retention/erase.ts';
import { policy } from '../../shared/settings/policy.ts';
import { faultyDatabase, serviceError } from '../platform/faulty-database.ts';
import { BRAND, CONTROLLER, advanceClock, linkIn, openTestSystem, resetClock } from '../support/system.ts';

const system = await openTestSystem();
const { deps } = system;
afterAll(resetClock);

let people = 0;
/** A subscriber who asks us something. */
async function person() {
  const email = `asks-${(people += 1)}@kunde.example`;
  await system.signUp(email);
  await system.work();
  await system.confirm(linkIn(system.mailsTo(email).at(-1), 'confirm'));
  const contact = await system.contactOf(email);
  if (!contact) throw new Error('nobody confirmed');
  const about = { contactId: contact.id, controller: CONTROLLER, brand: BRAND } as const;
  const own = policy.parse({ id: CONTROLLER });
  const asked = await askUs(deps.db, { ...about, kind: 'question', text: 'Woher?', policy: own, at: now() });
  return { email, contact, id: asked?.id ?? '' };
}
const answer = (id: string, db = deps.db) =>
  answerPerson(db, CONTROLLER, id, { at: now(), by: 'k.lund', text: 'Von der Messe.' });

test('D1 who is answered hears of it by mail, once, and reads the answer only after a log-in', async () => {
  const { email, id } = await person();
  const before = system.mailsTo(email).length;
  await answer(id);
  await system.work();
  await expect(answer(id)).rejects.toMatchObject({ code: 'conflict' });
  await system.work();
  const [mail, ...more] = system.mailsTo(email).slice(before);
  expect(more).toEqual([]);
  expect(mail?.subject).toBe('Antwort auf Ihr Anliegen Nr. 1');
  expect(mail?.text).toContain(`/preferences?brand=${BRAND}&lang=de`);
  expect(mail?.text).not.toContain('Messe');
  expect(mail?.html).not.toContain('Messe');
});

test.each([true, false])(
  'answer and mail come true together or not at all (arrives: %s)',
  async (arrives) => {
    const { email, contact, id } = await person();
    const before = system.mailsTo(email).length;
    const faulty = await faultyDatabase(deps.db, (operation) =>
      operation === 'TransactWrite' ? { error: serviceError('InternalServerError'), arrives } : undefined,
    );
    await expect(answer(id, { ...deps.db, ...faulty })).rejects.toThrow();
    await system.work();
    const [request] = await requestsOf(deps.db, CONTROLLER, contact.id);
    expect(request?.answered !== undefined).toBe(arrives);
    expect(system.mailsTo(email).slice(before)).toHaveLength(arrives ? 1 : 0);
  },
);

test('D4 nobody who was erased meanwhile is written to', async () => {
  const { email, contact, id } = await person();
  const before = system.mailsTo(email).length;
  await answer(id);
  const actor = { kind: 'staff', id: 'dpo' } as const;
  const about = { contactId: contact.id, controller: CONTROLLER, requestedBy: 'person' } as const;
  await eraseContact(deps, { ...about, actor, at: now() });
  advanceClock(DAY);
  await system.work();
  expect(system.mailsTo(email).slice(before)).toEqual([]);
  await expect(answer(id)).rejects.toMatchObject({ code: 'not-found' });
});
