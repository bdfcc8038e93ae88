import { expect, test } from 'vitest';

import { frequencyIn } from '../../shared/settings/wording.ts';

test.each([
  ['höchstens einmal pro Woche', 1, 7],
  ['Zweimal im Monat schreiben wir Ihnen', 2, 30],
  ['nicht mehr als 3 mal im Jahr', 3, 365],
  ['at most once a week', 1, 7],
  ['twice a month', 2, 30],
  ['up to 4 times per quarter', 4, 91],
  ['unser wöchentlicher Überblick', 1, 7],
  ['Our monthly digest', 1, 30],
  ['täglich', 1, 1],
])('G18 "%s" promises %i in %i days', (text, count, days) => {
  expect(frequencyIn(text)).toEqual({ count, days });
});

test.each(['Neues aus der Technik', 'once you agree', 'einmal im Leben', 'at the weekend'])(
  '"%s" promises nothing',
  (text) => expect(frequencyIn(text)).toBeUndefined(),
);
