import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { roleOf } from '../../shared/engagement/agents.ts';
import type { EngagementEvent } from '../../shared/engagement/event.ts';
import { LEAVING_PAGES } from '../../shared/engagement/leaving-link.ts';
import { cutNetwork } from '../../shared/engagement/network.ts';
import { VERDICT_VERSION, judgeReactions } from '../../shared/engagement/verdict.ts';
import { ROUTES } from '../../infra/triggers.ts';
import { CORPUS } from './reaction-corpus.ts';
import { toEvents } from './reaction-mail.ts';
import type { Case, Step } from './reaction-mail.ts';
import { BROWSERS, CHROME, FILTERS, MAIL_PROGRAMS, PEOPLE } from './visitors.ts';

const person = { userAgent: CHROME, ip: PEOPLE.dsl };
const click = (after: number, more: Partial<Step> = {}): Step => ({
  ...person,
  after,
  link: 'l1',
  by: 'human',
  ...more,
});
const open = (after: number, more: Partial<Step> = {}): Step => ({ ...person, after, by: 'human', ...more });
const judge = (steps: Step[], more: Partial<Case> = {}) => {
  const { events, truth } = toEvents({ name: 'mail', steps, ...more });
  const judged = judgeReactions(events);
  return [...truth.keys()].map((event) => judged.get(event));
};
const verdicts = (...asked: Parameters<typeof judge>) => judge(...asked).map((judged) => judged?.verdict);
const reasons = (step: Step, more: Partial<Case> = {}) => judge([step], more)[0]?.reasons;

describe('V10 what speaks for a machine', () => {
  test('a verdict names version and reasons; what people do has none', () => {
    expect(judge([click(2, { hidden: true })])).toEqual([
      { verdict: 'machine', version: VERDICT_VERSION, reasons: ['hidden-link', 'fast'] },
    ]);
    expect(judge([click(600)])).toEqual([{ verdict: 'human', version: VERDICT_VERSION, reasons: [] }]);
  });

  test.each<[string, Step, Partial<Case>, string[], string]>([
    ['five seconds after delivery', click(5), {}, ['fast'], 'suspect'],
    ['a moment later', click(5.1), {}, ['early'], 'human'],
    ['half a minute later', click(30.1), {}, [], 'human'],
    ['before delivery', click(-20), {}, ['fast'], 'suspect'],
    ['long before the news of the delivery', click(-121), {}, [], 'human'],
    ['with an unknown delivery', click(1), { deliveries: [] }, [], 'human'],
    ['by HEAD', click(600, { method: 'head' }), {}, ['head'], 'suspect'],
    ['from a filter', click(600, { ip: FILTERS.hornet }), {}, ['scanner-network'], 'suspect'],
    [
      'soon, from a network also of people',
      click(600, { ip: FILTERS.proofpoint }),
      {},
      ['scanner-network'],
      'suspect',
    ],
    ['later, from the same', click(601, { ip: FILTERS.proofpoint }), {}, [], 'human'],
    [
      'from there with an unknown delivery',
      click(60, { ip: FILTERS.proofpoint }),
      { deliveries: [] },
      [],
      'human',
    ],
    [
      'early, where mail is scanned',
      click(20),
      { domainScans: 3 },
      ['early', 'domain-is-scanned'],
      'suspect',
    ],
    ['early, where it was twice', click(20), { domainScans: 2 }, ['early'], 'human'],
    ['minutes later, where mail is scanned', click(300), { domainScans: 50 }, [], 'human'],
  ])('a click %s', (_, step, more, expected, verdict) => {
    expect(judge([step], more)).toEqual([{ verdict, version: VERDICT_VERSION, reasons: expected }]);
  });

  test('Microsoft’s networks speak against clicks, not against pictures seen in Outlook', () => {
    const from = { ip: FILTERS.protection };
    expect(verdicts([click(900, from), open(900, from)])).toEqual(['suspect', 'human']);
  });

  test('of a mail with one link or two all links are no sign; of three or more they are', () => {
    const all = (links: number) =>
      verdicts(
        Array.from({ length: links }, (_, at) => click(300 + at * 1.6, { link: `l${at}` })),
        { links },
      );
    expect(new Set([...all(1), ...all(2)])).toEqual(new Set(['human']));
    expect(new Set(all(3))).toEqual(new Set(['suspect']));
  });
});

describe('V10 what SES says of bots is one sign among several', () => {
  test('“Likely” alone, or with weak signs, is never more than a doubt', () => {
    const likely = { bot: 'Likely' } as const;
    expect(verdicts([click(900, likely)])).toEqual(['suspect']);
    expect(verdicts([click(20, likely)], { domainScans: 9 })).toEqual(['suspect']);
    expect(verdicts([open(900, likely)])).toEqual(['suspect']);
  });

  test('nothing said is unknown, not “Unlikely”', () => {
    expect(reasons(click(4))).toEqual(['fast']);
    expect(verdicts([click(4)])).toEqual(['suspect']);
    expect(verdicts([click(4, { bot: 'Unlikely' })])).toEqual(['human']);
  });

  test('“Unlikely” washes no machine clean', () => {
    const unlikely = { bot: 'Unlikely' } as const;
    const swept = ['l1', 'l2', 'l3', 'l4'].map((link, at) => click(100 + at * 0.2, { link, ...unlikely }));
    expect(verdicts(swept)).toEqual(['suspect', 'suspect', 'suspect', 'suspect']);
    expect(verdicts([open(900, { userAgent: 'Mozilla/5.0', ...unlikely })])).toEqual(['suspect']);
    expect(verdicts([click(900, { hidden: true, ...unlikely })])).toEqual(['suspect']);
  });
});

describe('V10 a whole burst is classed again', () => {
  const scanned = [click(60), click(61.5, { link: 'l2' }), open(61)];
  const trap = click(62.5, { link: 'trap', hidden: true });

  test('when a later event gives it away', () => {
    expect(verdicts(scanned)).toEqual(['human', 'human', 'human']);
    expect(verdicts([...scanned, trap])).toEqual(['machine', 'machine', 'machine', 'machine']);
  });

  test('a person minutes later is not dragged along, nor another mail in the same second', () => {
    expect(verdicts([...scanned, trap, click(240)]).at(-1)).toBe('human');
    const other = toEvents({ name: 'other mail', steps: [click(62)] });
    const burst = toEvents({ name: 'mail', steps: [...scanned, trap] });
    const judged = judgeReactions([...burst.events, ...other.events]);
    expect([...other.truth.keys()].map((event) => judged.get(event)?.verdict)).toEqual(['human']);
  });

  test('a person seconds before a sweep is not dragged along, the picture that it loads is', () => {
    const filter = { userAgent: BROWSERS['Edge on Windows'] ?? '', ip: PEOPLE.azure };
    const sweep = ['l1', 'l2', 'l3', 'l4', 'l5', 'l6'].map((link, at) =>
      click(405 + at * 0.2, { link, ...filter }),
    );
    const found = verdicts([open(398), click(401), open(405, filter), ...sweep], { links: 6 });
    expect(found).toEqual(['human', 'human', 'suspect', ...sweep.map(() => 'machine')]);
  });

  test('a filter that looks at the one link that somebody clicks says nothing about that person', () => {
    expect(verdicts([click(300), click(300.2, { method: 'HEAD', ip: FILTERS.barracuda })])).toEqual([
      'human',
      'machine',
    ]);
  });

  test('no window reaches over a day: none is longer than half a minute', () => {
    const steps = ['l1', 'l2', 'l3', 'l4', 'l5', 'l6'].map((link, at) => click(100 + at * 31, { link }));
    expect(new Set(verdicts(steps, { links: 6 }))).toEqual(new Set(['human']));
  });
});

test('a click by which somebody leaves gets a verdict like any other', () => {
  expect(verdicts([click(60, { leaving: true }), click(600, { leaving: true, hidden: true })])).toEqual([
    'human',
    'machine',
  ]);
});

test('nothing but opens and clicks of mails has a verdict', () => {
  const { events } = toEvents({ name: 'mail', steps: [open(60)] });
  const [delivered, opened] = events;
  if (!delivered || !opened) throw new Error('no events');
  const { mail: _, ...bare } = opened;
  const download: EngagementEvent = { ...bare, type: 'download' };
  expect([...judgeReactions([delivered, opened, download, bare]).keys()]).toEqual([opened]);
  expect(judgeReactions([]).size).toBe(0);
});

describe('V7 neither order nor repetition changes a verdict', () => {
  const byId = (events: readonly EngagementEvent[]) =>
    Object.fromEntries(
      [...judgeReactions(events)]
        .map(([{ id }, judged]) => [id, judged] as const)
        .toSorted(([a], [b]) => (a < b ? -1 : 1)),
    );

  test('in all 720 orders of one stream', () => {
    const { events } = toEvents({
      name: 'mail',
      links: 3,
      steps: [
        open(2),
        click(2),
        click(2, { link: 'l2' }),
        click(2, { link: 'l3', hidden: true }),
        click(400),
      ],
    });
    const expected = byId(events);
    const orders = permutations(events);
    expect(orders).toHaveLength(720);
    for (const order of orders) expect(byId(order)).toEqual(expected);
  });

  test('of every case in the corpus, told again and again', () => {
    const all = CORPUS.flatMap((each) => toEvents(each).events);
    const expected = byId(all);
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...all, ...all.map((event) => ({ ...event }))], { minLength: 2 * all.length }),
        (told) => {
          expect(byId(told)).toEqual(expected);
        },
      ),
      { numRuns: 5 },
    );
  });

  function permutations<T>(items: readonly T[]): T[][] {
    if (items.length === 0) return [[]];
    return items.flatMap((item, at) =>
      permutations([...items.slice(0, at), ...items.slice(at + 1)]).map((rest) => [item, ...rest]),
    );
  }
});

describe('what agents and networks tell', () => {
  test.each(Object.entries({ ...BROWSERS, ...MAIL_PROGRAMS }))('%s is no machine', (_, userAgent) => {
    expect(roleOf(userAgent)).toBeUndefined();
  });

  test('an agent is taken at its exact word', () => {
    expect(roleOf('Mozilla/5.0')).toBe('prefetch');
    expect(roleOf(' Mozilla/5.0 ')).toBe('prefetch');
    expect(roleOf('Mozilla/5.0 (X11)')).toBeUndefined();
    expect(roleOf('NotSlackbot/1.0')).toBeUndefined();
    expect(roleOf('Mozilla/5.0 (Java; curl)')).toBeUndefined();
    expect(roleOf('Amazon CloudFront')).toBeUndefined();
  });

  test.each([
    ['203.0.113.77', '203.0.113.0/24'],
    ['::ffff:203.0.113.77', '203.0.113.0/24'],
    ['2001:DB8:0:1::7', '2001:db8:0::/48'],
    ['fe80::1%eth0', 'fe80:0:0::/48'],
    ['', undefined],
    ['localhost', undefined],
  ])('%s is kept as %s', (ip, network) => {
    expect(cutNetwork(ip)).toBe(network);
  });

  test('every page of ours is known to lead away or not', () => {
    const STAYING = ['$default', 'forms', 'assets', 'embed.js', 'v1', '.well-known'];
    const pages = ROUTES.map(({ path }) => path.split('/').find((part) => part !== '') ?? '');
    const unknown = pages.filter(
      (page) => !STAYING.includes(page) && !LEAVING_PAGES.some((name) => name === page),
    );
    expect(unknown).toEqual([]);
  });
});
