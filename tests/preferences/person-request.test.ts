import type { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';

import type { Contact } from '../../shared/contacts/contact.ts';
import { DAY, now, plus } from '../../shared/platform/clock.ts';
import { keys } from '../../shared/platform/keys.ts';
import { remove } from '../../shared/platform/table.ts';
import type { Database } from '../../shared/platform/table.ts';
import {
  REQUEST_KINDS,
  answerRequest,
  askUs,
  dueRequest,
  openRequests,
  requestNumber,
  requestsOf,
} from '../../shared/preferences/person-request.ts';
import type { AskInput } from '../../shared/preferences/person-request.ts';
import { eraseContact } from '../../shared/retention/erase.ts';
import { policy } from '../../shared/settings/policy.ts';
import { faultyDatabase, serviceError } from '../platform/faulty-database.ts';
import { createPerson } from '../permission/person.ts';
import { BRAND, CONTROLLER, openTestSystem, resetClock } from '../support/system.ts';

const { deps, dump } = await openTestSystem();
const { db } = deps;
const POLICY = policy.parse({ id: CONTROLLER });
const ANSWER = { by: 'k.lund', text: 'From your card.' };
let person: Contact;
beforeEach(async () => {
  person = await createPerson(deps);
});
afterAll(resetClock);

const ask = (more: Partial<AskInput> = {}, on: Database = db) =>
  askUs(on, {
    contactId: person.id,
    controller: CONTROLLER,
    brand: BRAND,
    kind: 'question',
    text: 'Where from?',
    policy: POLICY,
    at: now(),
    ...more,
  });
const mine = () => requestsOf(db, CONTROLLER, person.id);
const itemsOf = async (id: string) => (await dump('contacts')).filter(({ sk }) => sk.startsWith(`${id}#`));
/** Five different ones, which is all that may be open. */
const askFive = async () => {
  for (let times = 1; times <= 5; times += 1) await ask({ text: `Matter ${times}` });
};

describe('asking', () => {
  test.each(REQUEST_KINDS)(
    'D1 a %s has a number, a day for the answer, and one to be reminded on',
    async (kind) => {
      const at = now();
      const made = await ask({ kind, at });
      expect(made).toEqual({
        id: `${person.id.replace('con_', 'req_')}_1`,
        contactId: person.id,
        controller: CONTROLLER,
        brand: BRAND,
        kind,
        text: 'Where from?',
        askedAt: at,
        answerBy: plus(at, 30 * DAY),
      });
      expect(await mine()).toEqual([made]);
      expect(await itemsOf(person.id)).toMatchObject([
        { dueAt: plus(at, 21 * DAY), dueShard: expect.any(String) },
      ]);
    },
  );

  test('D1 days are those of the policy; nobody is reminded after the day itself', async () => {
    const at = now();
    const made = await ask({ at, policy: { requests: { dueDays: 10, alarmDays: 21 } } });
    expect(made?.answerBy).toBe(plus(at, 10 * DAY));
    expect(await itemsOf(person.id)).toMatchObject([{ dueAt: plus(at, 10 * DAY) }]);
  });

  test('the same again while it is open is one; once answered it is a new one', async () => {
    const [first, again] = [await ask(), await ask({ at: plus(now(), DAY) })];
    expect(again).toEqual(first);
    await answerRequest(db, CONTROLLER, first?.id ?? '', { at: now(), ...ANSWER });
    const anew = await ask();
    expect(anew && requestNumber(anew)).toBe('2');
  });

  test('posted ten times at once it is one', async () => {
    const made = await Promise.all(Array.from({ length: 10 }, () => ask()));
    expect(new Set(made.map((each) => each?.id)).size).toBe(1);
    expect(await mine()).toHaveLength(1);
  });

  test('twelve at once are five, each with a number of its own', async () => {
    const made = await Promise.all(Array.from({ length: 12 }, (_, at) => ask({ text: `Matter ${at}` })));
    expect(made.filter((each) => each !== undefined)).toHaveLength(5);
    expect((await mine()).map(requestNumber).toSorted()).toEqual(['1', '2', '3', '4', '5']);
  });

  test('one too many is not taken, but for the first restriction; an answer makes room', async () => {
    await askFive();
    expect(await ask({ text: 'One more' })).toBeUndefined();
    const restriction = await ask({ kind: 'restriction', text: '' });
    expect(restriction).toBeDefined();
    expect(await ask({ kind: 'restriction', text: '' })).toEqual(restriction);
    expect(await ask({ kind: 'restriction', text: 'And more' })).toBeUndefined();
    expect(await mine()).toHaveLength(6);
    for (const { id } of (await mine()).slice(0, 2)) {
      await answerRequest(db, CONTROLLER, id, { at: now(), ...ANSWER });
    }
    expect(await ask({ text: 'One more' })).toBeDefined();
  });

  test('what was not stored is not asked, and asking again does it', async () => {
    let calls = 0;
    const broken = await faultyDatabase(db, (operation) =>
      operation === 'TransactWrite' && (calls += 1) === 1
        ? { error: serviceError('InternalServerError'), arrives: false }
        : undefined,
    );
    await ask({}, broken).catch(() => undefined);
    await ask({}, broken);
    expect(await mine()).toHaveLength(1);
  });

  test('D4 nobody asks who is erased, not even in the very moment', async () => {
    const erase = () =>
      eraseContact(deps, {
        contactId: person.id,
        controller: CONTROLLER,
        requestedBy: 'person',
        actor: { kind: 'person' },
        at: now(),
      });
    await Promise.allSettled([
      erase(),
      ...Array.from({ length: 8 }, (_, at) => ask({ text: `secret ${at}` })),
    ]);
    await erase();
    await expect(ask({ text: 'secret' })).rejects.toMatchObject({ code: 'not-found' });
    expect(await itemsOf(person.id)).toEqual([]);
  });
});

describe('answering', () => {
  test('D1 ends the waiting; a second answer is refused and changes nothing', async () => {
    const made = await ask();
    const at = now();
    const answered = await answerRequest(db, CONTROLLER, made?.id ?? '', { at, ...ANSWER });
    expect(answered).toEqual({ ...made, answered: { at, ...ANSWER } });
    expect(await mine()).toEqual([answered]);
    const [item] = await itemsOf(person.id);
    // For the clock, which plans its end.
    expect(item).toMatchObject({ dueAt: at, dueShard: expect.any(String) });
    const other = { at, by: 'm.meier', text: 'No.' };
    await expect(answerRequest(db, CONTROLLER, made?.id ?? '', other)).rejects.toMatchObject({
      code: 'conflict',
    });
    expect(await mine()).toEqual([answered]);
  });

  test('of two at once one counts', async () => {
    const made = await ask();
    const both = ['k.lund', 'm.meier'].map((by) =>
      answerRequest(db, CONTROLLER, made?.id ?? '', { at: now(), by, text: by }),
    );
    const outcomes = await Promise.allSettled(both);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  test.each(['x', '', 'req_0_1', 'con_0', '#'])('there is no request %j', async (id) => {
    await expect(answerRequest(db, CONTROLLER, id, { at: now(), ...ANSWER })).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  test('another controller has no such request', async () => {
    const made = await ask();
    const attempt = answerRequest(db, 'other-gmbh', made?.id ?? '', { at: now(), ...ANSWER });
    await expect(attempt).rejects.toMatchObject({ code: 'not-found' });
    expect((await openRequests(db, 'other-gmbh')).length).toBe(0);
  });
});

describe('what is due', () => {
  test('those due first stand on top, and an answered one not at all', async () => {
    const at = now();
    const [late, early] = [await ask({ at: plus(at, DAY), text: 'late' }), await ask({ at, text: 'early' })];
    const own = async () =>
      (await openRequests(db, CONTROLLER)).filter(({ contactId }) => contactId === person.id);
    expect(await own()).toEqual([early, late]);
    await answerRequest(db, CONTROLLER, early?.id ?? '', { at, ...ANSWER });
    expect(await own()).toEqual([late]);
  });

  test.each(['answered', 'erased'] as const)('one that is %s in the moment is not told', async (what) => {
    const made = await ask();
    const answeredAt = now();
    const key = keys.request(CONTROLLER, person.id, made?.id ?? '');
    const acts = {
      answered: () => answerRequest(db, CONTROLLER, made?.id ?? '', { at: answeredAt, ...ANSWER }),
      erased: () => remove(db, { remove: 'contacts', key }),
    };
    expect(await dueRequest(before('Update', acts[what]), key, plus(now(), 40 * DAY))).toBeUndefined();
    const left = await itemsOf(person.id);
    expect(left).toHaveLength(what === 'erased' ? 0 : 1);
    for (const item of left) expect(item['dueAt']).toBe(answeredAt);
  });
});

/** The database, in which something else happens just before each call of this kind. */
function before(operation: string, happens: () => Promise<unknown>): Database {
  const send = async (command: UpdateCommand) => {
    if (command.constructor.name.startsWith(operation)) await happens();
    return db.client.send(command);
  };
  return { name: db.name, client: Object.create(db.client, { send: { value: send } }) };
}
