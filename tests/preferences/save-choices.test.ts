import { afterAll, describe, expect, test } from 'vitest';

import { readContact } from '../../shared/contacts/store.ts';
import { DAY, MINUTE, now, plus } from '../../shared/platform/clock.ts';
import { readEntries } from '../../shared/permission/store.ts';
import { verifyChain } from '../../shared/permission/verify.ts';
import type { Acts } from '../../shared/preferences/acts.ts';
import { saveChoices } from '../../shared/preferences/save-choices.ts';
import { demoBrand, demoUses } from '../../shared/settings/demo.ts';
import { faultyDatabase, serviceError } from '../platform/faulty-database.ts';
import { CLICK, advanceClock, linkIn, openTestSystem, resetClock } from '../support/system.ts';

const system = await openTestSystem();
const { deps } = system;
afterAll(resetClock);

let people = 0;
/** Somebody who gets the newsletter about two topics. */
async function person(): Promise<string> {
  const email = `save-${(people += 1)}@example.com`;
  await system.signUp(email, { topics: ['drives', 'service'] });
  await system.work();
  await system.confirm(linkIn(system.mailsTo(email)[0], 'confirm'));
  return (await system.contactOf(email))?.id ?? '';
}
const ALL_AT_ONCE: Acts = {
  leaveUses: [],
  joinUses: ['event-invitation'],
  leaveTopics: ['drives'],
  joinTopics: ['automation'],
  refuse: ['call-centre'],
  loose: [],
  wish: { was: undefined, to: 'monthly' },
  pausedUntil: { was: undefined, to: '2099-01-01T23:59:59.999Z' },
};
const save = (contactId: string, db = deps.db) =>
  saveChoices(
    { ...deps, db },
    {
      contactId,
      brand: demoBrand,
      uses: demoUses,
      acts: ALL_AT_ONCE,
      shownAt: plus(now(), -MINUTE),
      session: undefined,
      ...CLICK,
    },
  );
const stored = async (contactId: string) => ({
  contact: await readContact(deps.db, contactId),
  entries: await readEntries(deps.db, contactId),
});
const failing = (arrives: boolean, name: string) =>
  faultyDatabase(deps.db, (operation) =>
    operation === 'TransactWrite' ? { error: serviceError(name), arrives } : undefined,
  );

describe('saving choices', () => {
  test('a storage failure changes nothing at all, and the next attempt saves everything', async () => {
    const id = await person();
    const before = await stored(id);
    const db = { ...deps.db, ...(await failing(false, 'InternalServerError')) };
    await expect(save(id, db)).rejects.toThrow('InternalServerError');
    expect(await stored(id)).toEqual(before);
    const saved = await save(id);
    const after = await stored(id);
    expect(saved).toMatchObject({ join: ['event-invitation'], overtaken: [], conflicts: [] });
    expect(after.entries.at(-1)).toEqual(saved?.entry);
    expect(after.contact).toMatchObject({
      wish: 'monthly',
      pausedUntil: '2099-01-01T23:59:59.999Z',
      permissions: {
        'nordlicht#newsletter': { topics: ['service', 'automation'] },
        'nordlicht#call-centre': { status: 'withdrawn' },
      },
    });
  });

  test('where the answer of the storage is lost, a repetition finds it done and writes no second entry', async () => {
    const id = await person();
    const db = { ...deps.db, ...(await failing(true, 'TimeoutError')) };
    await expect(save(id, db)).rejects.toThrow('TimeoutError');
    const done = await stored(id);
    expect(await save(id)).toMatchObject({ entry: undefined, overtaken: [], conflicts: [] });
    expect(await stored(id)).toEqual(done);
    expect(done.entries).toHaveLength(2);
    expect(verifyChain(done.entries, done.contact?.head).ok).toBe(true);
  });

  test('nobody is left whose choices they could be', async () => {
    expect(await save(`con_${'0'.repeat(32)}`)).toBeUndefined();
    advanceClock(DAY);
  });
});
