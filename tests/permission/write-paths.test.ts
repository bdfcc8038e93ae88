import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';

import { SPEAKS_FOR } from '../../shared/permission/told-consent.ts';
import { ROUTES, evidenceEntry } from '../../shared/permission/evidence.ts';
import { readSources } from '../support/sources.ts';
import { resetClock } from '../support/system.ts';
import { contradictions } from './retold.ts';
import { openStage } from './write-path-stage.ts';
import { SURE, stories } from './write-path-stories.ts';

const stage = await openStage();
afterAll(resetClock);

const FEW = {
  numRuns: 40,
  examples: SURE.flatMap((story): [typeof story, boolean][] => [
    [story, false],
    [story.slice(0, 6), true],
  ]),
};

test('nothing but the person’s own proven act leads out of a no, whoever writes, in whatever order', async () => {
  await fc.assert(
    fc.asyncProperty(stories, fc.boolean(), async (story, isRival) => {
      const person = stage.meet(isRival);
      for (const act of story) await person.live(act);
      expect(await contradictions(stage.deps, await person.known())).toEqual([]);
    }),
    FEW,
  );
}, 90_000);

test('nor does it when all of them write at once', async () => {
  await fc.assert(
    fc.asyncProperty(stories, fc.boolean(), async (story, isRival) => {
      const person = stage.meet(isRival);
      await person.live({ act: 'sign-up', topics: [], uses: ['newsletter', 'tracking'] });
      await Promise.all(story.map((act) => person.live(act)));
      expect(await contradictions(stage.deps, await person.known())).toEqual([]);
    }),
    { numRuns: 20 },
  );
}, 45_000);

/** Everything below says what the two properties reached: a way to write that no story takes proves nothing. */
test('every place that records was reached, and nobody else writes a permission', () => {
  const sources = readSources().filter(({ path }) => /^(functions|web|shared)\//.test(path));
  const writers = sources.filter(({ imports, code }) =>
    imports.some(
      ({ target, clause }) =>
        target === 'shared/permission/record.ts' && /\brecord\b/.test(clause) && /\brecord\(/.test(code),
    ),
  );
  expect([...stage.writers].toSorted()).toEqual(writers.map(({ path }) => path).toSorted());
  const doors = sources.filter(({ code }) => /\b(appendEntry|createContact|updateContact)\(/.test(code));
  expect(doors.map(({ path }) => path).toSorted()).toEqual([
    'shared/permission/record.ts',
    'shared/permission/store.ts',
  ]);
  const setters = sources.filter(({ code }) => /SET[^`'"]*permissions|#permissions\./.test(code));
  expect(setters.map(({ path }) => path)).toEqual(['shared/permission/store.ts']);
});

test('every route, every kind of entry and every kind of told consent was taken', async () => {
  const entries = (await stage.ledger()).flatMap((item) =>
    'prevHash' in item ? [evidenceEntry.parse(item)] : [],
  );
  const missing = (all: readonly string[], seen: (string | undefined)[]) =>
    all.filter((each) => !seen.includes(each));
  expect(
    missing(
      ROUTES,
      entries.map(({ route }) => route),
    ),
  ).toEqual([]);
  expect(
    missing(
      evidenceEntry.shape.type.options,
      entries.map(({ type }) => type),
    ),
  ).toEqual([]);
  const told = entries.flatMap(({ changes }) => changes.map(({ basis, proof }) => basis ?? proof));
  expect(missing(Object.keys(SPEAKS_FOR), told)).toEqual([]);
});
