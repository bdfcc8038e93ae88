import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { actsOf } from '../../shared/preferences/acts.ts';
import type { Acts, Chosen } from '../../shared/preferences/acts.ts';
import { demoUses } from '../../shared/settings/demo.ts';
import { NO_ACTS } from './no-acts.ts';

const SHOWN: Chosen = {
  uses: ['newsletter', 'tracking'],
  topics: ['drives', 'service'],
  refused: ['direct-mail'],
  wish: undefined,
  pausedUntil: undefined,
  language: 'de',
};
const TOPICS = ['drives', 'automation', 'service'];
const USES = ['newsletter', 'event-invitation', 'tracking', 'profiling'];

describe('what somebody did on the choices page', () => {
  const UNTIL = '2027-01-31T23:59:59.999Z';
  test.each<[string, Partial<Chosen>, Partial<Acts>]>([
    ['nothing', {}, {}],
    ['left a topic', { topics: ['drives'] }, { leaveTopics: ['service'] }],
    [
      'changed topics',
      { topics: ['drives', 'automation'] },
      { leaveTopics: ['service'], joinTopics: ['automation'] },
    ],
    ['left a use, with its topics still ticked', { uses: ['tracking'] }, { leaveUses: ['newsletter'] }],
    ['left the last topics, and so the use', { topics: [] }, { leaveUses: ['newsletter'] }],
    [
      'changed all topics, which keeps the use',
      { topics: ['automation'] },
      { leaveTopics: ['drives', 'service'], joinTopics: ['automation'] },
    ],
    ['joined a use', { uses: ['newsletter', 'tracking', 'profiling'] }, { joinUses: ['profiling'] }],
    ['left a use without topics', { uses: ['newsletter'] }, { leaveUses: ['tracking'] }],
    ['wants no calls', { refused: ['direct-mail', 'call-centre'] }, { refuse: ['call-centre'] }],
    // The page has no way to do that, so a post that says so is no act.
    ['wants letters again', { refused: [] }, {}],
    ['wishes for less', { wish: 'monthly' }, { wish: { was: undefined, to: 'monthly' } }],
    ['pauses', { pausedUntil: UNTIL }, { pausedUntil: { was: undefined, to: UNTIL } }],
    ['speaks English', { language: 'en' }, { language: { was: 'de', to: 'en' } }],
  ])('%s', (_, sent, acts) => {
    expect(actsOf(SHOWN, { ...SHOWN, ...sent }, demoUses)).toEqual({ ...NO_ACTS, ...acts });
  });

  test('G9 a topic of a use that was neither shown as held nor ticked joins nothing', () => {
    const shown = { ...SHOWN, uses: [], topics: [] };
    const acts = actsOf(shown, { ...shown, topics: ['drives'] }, demoUses);
    expect(acts).toEqual({ ...NO_ACTS, loose: ['newsletter'] });
    const both = actsOf(shown, { ...shown, uses: ['newsletter'], topics: ['drives'] }, demoUses);
    expect(both).toEqual({ ...NO_ACTS, joinUses: ['newsletter'], joinTopics: ['drives'] });
  });

  test('whatever is ticked: the acts lead from what was shown to what was sent, and name nothing else', () => {
    const chosen = fc.record<Chosen>({
      uses: fc.subarray(USES),
      topics: fc.subarray(TOPICS),
      refused: fc.constant([]),
      wish: fc.constantFrom(undefined, 'weekly', 'monthly'),
      pausedUntil: fc.constantFrom(undefined, UNTIL),
      language: fc.constantFrom('de', 'en'),
    });
    fc.assert(
      fc.property(chosen, chosen, (one, sent) => {
        const shown = one.uses.includes('newsletter') ? one : { ...one, topics: [] };
        const acts = actsOf(shown, sent, demoUses);
        const uses = new Set([
          ...shown.uses.filter((use) => !acts.leaveUses.includes(use)),
          ...acts.joinUses,
        ]);
        const emptied = shown.topics.length > 0 && sent.topics.length === 0;
        expect([...uses].sort()).toEqual(
          sent.uses.filter((use) => !(emptied && use === 'newsletter' && shown.uses.includes(use))).sort(),
        );
        const kept = shown.topics.filter((topic) => !acts.leaveTopics.includes(topic));
        const topics = uses.has('newsletter') ? [...kept, ...acts.joinTopics] : sent.topics;
        expect([...topics].sort()).toEqual([...sent.topics].sort());
        expect([acts.wish?.to ?? sent.wish, acts.language?.to ?? shown.language]).toEqual([
          sent.wish,
          sent.language,
        ]);
      }),
    );
  });
});
