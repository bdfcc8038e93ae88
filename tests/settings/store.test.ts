import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod';

import { MINUTE, now, setClockOffset } from '../../shared/platform/clock.ts';
import { keys } from '../../shared/platform/keys.ts';
import { DEMO_SETTINGS, demoBrand, demoUses } from '../../shared/settings/demo.ts';
import { demoNewsletterForm } from '../../shared/settings/demo-forms.ts';
import { wordingHash } from '../../shared/settings/form.ts';
import type { Form } from '../../shared/settings/form.ts';
import { seedDemo } from '../../shared/settings/seed.ts';
import { openSettings, readSetting, saveSetting } from '../../shared/settings/store.ts';
import { faultyDatabase, serviceError } from '../platform/faulty-database.ts';
import { openTestDatabase } from '../support/engine.ts';
import type { TestDatabase } from '../support/engine.ts';

let db: TestDatabase;
beforeEach(async () => {
  db = await openTestDatabase();
});
afterEach(() => setClockOffset(0));

const by = (expected: number) => ({ expected, actor: 'anna', at: now() });
const saveForm = (form: Form, expected: number) => saveSetting(db, 'form', form.id, form, by(expected));
/** The newsletter form with another declaration for its newsletter box. */
const worded = (de: string): Form => ({
  ...demoNewsletterForm,
  uses: demoNewsletterForm.uses.map((use, at) => (at === 0 ? { ...use, wording: { de, en: 'Yes.' } } : use)),
});
async function versions(kind: string, id: string): Promise<unknown[]> {
  const { Items = [] } = await db.client.send(
    new QueryCommand({
      TableName: db.name('config'),
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :v)',
      ExpressionAttributeValues: { ':pk': keys.setting(kind, id).pk, ':v': 'V#' },
    }),
  );
  return Items.map(({ version }) => version);
}

describe('a settings document', () => {
  test('is read as it was saved, with its version', async () => {
    expect(await readSetting(db, 'form', 'newsletter')).toBeUndefined();
    expect(await saveForm(demoNewsletterForm, 0)).toBe(1);
    expect(await readSetting(db, 'form', 'newsletter')).toEqual({ version: 1, document: demoNewsletterForm });
  });

  test('keeps every version for ever, with who made it', async () => {
    await saveForm(demoNewsletterForm, 0);
    await saveForm(worded('Ja.'), 1);
    expect(await readSetting(db, 'form', 'newsletter')).toEqual({ version: 2, document: worded('Ja.') });
    expect(await versions('form', 'newsletter')).toEqual([1, 2]);
  });

  test.each([
    ['made on an older version', 1],
    ['made on a version that never was', 7],
    ['meant to be the first', 0],
  ])('a change %s is a conflict and changes nothing', async (_, expected) => {
    await saveForm(demoNewsletterForm, 0);
    await saveForm(worded('Ja.'), 1);
    const late = saveForm(worded('Nein.'), expected);
    await expect(late).rejects.toMatchObject({ name: 'AppError', code: 'conflict' });
    expect((await readSetting(db, 'form', 'newsletter'))?.document).toEqual(worded('Ja.'));
    expect(await openSettings(db).wording(wordingHash('Nein.'))).toBeUndefined();
  });

  test('of 10 changes at once on one version one is saved', async () => {
    await saveForm(demoNewsletterForm, 0);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, (_, n) => saveForm(worded(`Ja ${n}.`), 1)),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await versions('form', 'newsletter')).toEqual([1, 2]);
  });

  test('that is none of its kind is refused before anything is written', async () => {
    const wrong = { ...demoBrand, colour: 'red' };
    await expect(saveSetting(db, 'brand', wrong.id, wrong, by(0))).rejects.toThrow(z.ZodError);
    expect(await versions('brand', wrong.id)).toEqual([]);
  });

  test('a storage failure saves neither document nor version nor wording', async () => {
    const failing = await faultyDatabase(db, (operation) =>
      operation === 'TransactWrite'
        ? { error: serviceError('InternalServerError'), arrives: false }
        : undefined,
    );
    const saved = saveSetting(failing, 'form', 'newsletter', worded('Ja.'), by(0));
    await expect(saved).rejects.toThrow('InternalServerError');
    expect(await readSetting(db, 'form', 'newsletter')).toBeUndefined();
    expect(await openSettings(db).wording(wordingHash('Ja.'))).toBeUndefined();
  });
});

describe('E1 a consent wording', () => {
  test('is found under its SHA-256 in every language, also when no form shows it any more', async () => {
    await saveForm(worded('Alt.'), 0);
    await saveForm(worded('Neu.'), 1);
    const { wording } = openSettings(db);
    for (const text of ['Alt.', 'Neu.', 'Yes.']) expect(await wording(wordingHash(text))).toBe(text);
    expect(await wording(wordingHash('Nie.'))).toBeUndefined();
  });

  test('is referred to by the SHA-256 that anybody can compute', () => {
    // printf 'Ja.' | sha256sum
    expect(wordingHash('Ja.')).toBe('918c02e9102ce389bd321a9e96e6b253c6b877e7a967d3a4e2c3b076a62a414b');
  });

  test('saved again it is the same item', async () => {
    await saveForm(worded('Ja.'), 0);
    const item = () =>
      db.client.send(
        new QueryCommand({
          TableName: db.name('config'),
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': keys.wording(wordingHash('Ja.')).pk },
        }),
      );
    const before = (await item()).Items;
    await saveForm(worded('Ja.'), 1);
    expect((await item()).Items).toEqual(before);
    expect(before).toHaveLength(1);
  });
});

describe('settings as functions read them', () => {
  test('carry the form’s version and fall back to the default limits', async () => {
    const settings = openSettings(db);
    expect(await settings.limits()).toMatchObject({
      signupsPerIpPerHour: 10,
      openRequests: 10,
      mailboxPerDay: 3,
    });
    await seedDemo(db);
    const seeded = openSettings(db);
    expect(await seeded.form('newsletter')).toEqual({ ...demoNewsletterForm, version: 1 });
    expect(await seeded.brand(demoBrand.id)).toEqual(demoBrand);
    expect(await seeded.uses(demoUses.id)).toEqual(demoUses);
  });

  test('what does not exist is undefined; uses must exist', async () => {
    const settings = openSettings(db);
    expect(await settings.form('nothing')).toBeUndefined();
    expect(await settings.brand('nothing')).toBeUndefined();
    await expect(settings.uses('nobody')).rejects.toMatchObject({ code: 'not-found' });
  });

  test('an id that cannot be one is not looked up', async () => {
    const settings = openSettings(db);
    db.reset();
    for (const id of ['', 'A', '../brand', 'x#y', 'a'.repeat(41)])
      expect(await settings.form(id)).toBeUndefined();
    expect(db.units().read).toBe(0);
  });

  test('are read once a minute and no more than a minute old', async () => {
    await saveForm(demoNewsletterForm, 0);
    const settings = openSettings(db);
    await settings.form('newsletter');
    await saveForm(worded('Ja.'), 1);
    db.reset();
    setClockOffset(MINUTE - 5_000);
    expect((await settings.form('newsletter'))?.version).toBe(1);
    expect(db.units().read).toBe(0);
    setClockOffset(MINUTE);
    expect((await settings.form('newsletter'))?.version).toBe(2);
  });

  test('a limit that is changed counts, the others keep their default', async () => {
    await saveSetting(db, 'limits', 'default', { openRequests: 3 }, by(0));
    expect(await openSettings(db).limits()).toMatchObject({ openRequests: 3, signupsPerIpPerHour: 10 });
  });
});

describe('the demo company', () => {
  test('is written on the first start and never again', async () => {
    expect(await seedDemo(db)).toBe(DEMO_SETTINGS.length);
    db.reset();
    expect(await seedDemo(db)).toBe(0);
    expect(db.units().write).toBe(0);
  });

  test('does not touch what the operator has made of it', async () => {
    await saveForm(worded('Ja.'), 0);
    expect(await seedDemo(db)).toBe(DEMO_SETTINGS.length - 1);
    expect(await readSetting(db, 'form', 'newsletter')).toEqual({ version: 1, document: worded('Ja.') });
  });
});
