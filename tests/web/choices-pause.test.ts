import { afterAll, beforeEach, describe, expect, test } from 'vitest';

import { DAY, now, plus } from '../../shared/platform/clock.ts';
import { resetClock } from '../support/system.ts';
import { choicesVisits, untouched } from './choices-visits.ts';
import { openSite } from './open-site.ts';

const site = await openSite();
const { open, person, save, saveShown } = choicesVisits(site);
// Mails to one mailbox are limited by time.
beforeEach(() => site.advance(DAY));
afterAll(resetClock);

const dayIn = (days: number) => plus(now(), days * DAY).slice(0, 10);
const endOf = (day: string) => `${day}T23:59:59.999Z`;
const pauseOf = async (contactId: string) => (await site.contact(contactId))?.pausedUntil;
const CONTRADICTION = 'Bitte wählen Sie „Bis zu einem Tag“, oder lassen Sie den Tag frei.';

describe('a last day that was typed', () => {
  test('is the pause where the way beside it was left as it was, and the page says so', async () => {
    const { path, contactId } = await person();
    const shown = await open(path);
    expect(shown.body).toContain('Geben Sie hier einen Tag an, gilt die Pause bis zu seinem Ende.');
    const saved = await saveShown(path, shown, { pauseDate: dayIn(40) });
    expect(saved.body).toContain('Pause bis ');
    expect(await pauseOf(contactId)).toBe(endOf(dayIn(40)));
  });

  test('moves the end of a pause that runs', async () => {
    const { path, contactId } = await person();
    await save(path, { pause: '1' });
    const shown = await open(path);
    expect(untouched(shown)).toMatchObject({ pause: 'keep', pauseDate: '' });
    await saveShown(path, shown, { pauseDate: dayIn(80) });
    expect(await pauseOf(contactId)).toBe(endOf(dayIn(80)));
  });

  test.each(['1', '3', '6'])(
    'beside %s months is a contradiction: told at the field, nothing is lost',
    async (pause) => {
      const { path, contactId } = await person();
      const typed = { pause, pauseDate: dayIn(40), 'topic.automation': 'on', wish: 'weekly' };
      const before = await site.stored();
      const refused = await save(path, typed);
      expect(refused.status).toBe(422);
      expect(refused.body).toMatch(/<input id="pauseDate"[^>]*aria-describedby="[^"]*pauseDate-error"/);
      expect(refused.body.split(CONTRADICTION)).toHaveLength(3);
      expect(untouched(refused)).toMatchObject(typed);
      expect(await site.stored()).toEqual(before);
      // Sent again as it is, it is no clearer than before.
      expect((await saveShown(path, refused, {})).status).toBe(422);
      expect((await saveShown(path, refused, { pause: 'date' })).status).toBe(200);
      expect(await pauseOf(contactId)).toBe(endOf(dayIn(40)));
    },
  );

  test('beside the end of a pause that runs is one, too', async () => {
    const { path, contactId } = await person();
    await save(path, { pause: '1' });
    const until = await pauseOf(contactId);
    const refused = await save(path, { pause: '', pauseDate: dayIn(40) });
    expect([refused.status, await pauseOf(contactId)]).toEqual([422, until]);
    await saveShown(path, refused, { pauseDate: '' });
    expect(await pauseOf(contactId)).toBeUndefined();
  });

  test('that cannot be read is told, whatever way was chosen, and stays in its field', async () => {
    const { path, contactId } = await person();
    for (const pauseDate of ['31.12.2026', '2020-01-01', '2099-01-01', dayIn(400)]) {
      const refused = await save(path, { pauseDate });
      expect(refused.status).toBe(422);
      expect(refused.body).toContain('Bitte geben Sie einen Tag in der Zukunft an');
      expect(untouched(refused)).toMatchObject({ pause: 'date', pauseDate });
      // "No pause" was chosen on this page and not left as it was: it must be one or the other.
      expect((await saveShown(path, refused, { pause: '' })).body).toContain(CONTRADICTION);
      expect((await saveShown(path, refused, { pause: '', pauseDate: '' })).status).toBe(200);
    }
    expect(await pauseOf(contactId)).toBeUndefined();
  });

  test('by a program that posts no way at all is the pause', async () => {
    const { path, contactId } = await person();
    await save(path, { pause: undefined, pauseDate: dayIn(10) });
    expect(await pauseOf(contactId)).toBe(endOf(dayIn(10)));
  });
});
