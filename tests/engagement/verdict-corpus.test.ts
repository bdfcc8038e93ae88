import { expect, test } from 'vitest';

import { judgeReactions } from '../../shared/engagement/verdict.ts';
import { CORPUS } from './reaction-corpus.ts';
import { toEvents } from './reaction-mail.ts';

const judged = CORPUS.flatMap((each) => {
  const { events, truth } = toEvents(each);
  const verdicts = judgeReactions(events);
  return [...truth].map(([event, step]) => {
    const { verdict, reasons } = verdicts.get(event) ?? { verdict: undefined, reasons: [] };
    return { each, type: event.type, by: step.by, verdict, reasons };
  });
});
const isRight = ({ by, verdict }: (typeof judged)[number]) => (verdict === 'human') === (by === 'human');

/** Of what counts as a person's: how much is. Of what is a person's: how much counts. */
function figures(type: string) {
  const own = judged.filter((each) => each.type === type);
  const counted = own.filter(({ verdict }) => verdict === 'human');
  const people = own.filter(({ by }) => by === 'human');
  const both = counted.filter(({ by }) => by === 'human').length;
  return {
    reactions: own.length,
    people: people.length,
    precision: both / counted.length,
    recall: both / people.length,
  };
}

test('V10 the corpus holds at least 200 different cases, people and machines', () => {
  expect(new Set(CORPUS.map(({ name }) => name)).size).toBe(CORPUS.length);
  expect(CORPUS.length).toBeGreaterThanOrEqual(200);
  const withPeople = CORPUS.filter(({ steps }) => steps.some(({ by }) => by === 'human'));
  expect(withPeople.length).toBeGreaterThan(100);
  expect(CORPUS.length - withPeople.length).toBeGreaterThan(80);
});

test('V10 what the rules get wrong is exactly what the corpus admits', () => {
  const wrong = judged.filter((each) => !isRight(each));
  expect([...new Set(wrong.map(({ each }) => each.name))].toSorted()).toEqual(
    CORPUS.flatMap(({ name, wrong: admitted }) => (admitted ? name : [])).toSorted(),
  );
});

test('V10 hardly a click of a person is lost, and few of machines count', () => {
  const [clicks, opens] = [figures('click'), figures('open')];
  const wrong = CORPUS.filter((each) => each.wrong).length;
  const line = ({ precision, recall, people }: typeof clicks) =>
    `precision ${precision.toFixed(3)}, recall ${recall.toFixed(3)} of ${people} by people`;
  // Always shown: the figures are what this test is read for.
  process.stderr.write(`reactions, ${CORPUS.length} cases, ${wrong} known to be judged wrong\n`);
  process.stderr.write(`  clicks: ${line(clicks)}\n  opens:  ${line(opens)}\n`);
  expect(clicks.recall).toBeGreaterThanOrEqual(0.95);
  expect(clicks.precision).toBeGreaterThanOrEqual(0.93);
  expect(opens.recall).toBeGreaterThanOrEqual(0.95);
  expect(opens.precision).toBeGreaterThanOrEqual(0.93);
});
