import * as z from 'zod';

import { VERDICTS } from '../../shared/engagement/event.ts';
import type { Change, Explained, ExplainedEvent } from '../../shared/scoring/explain.ts';
import { CRITERIA } from '../../shared/scoring/potential.ts';
import { ACTIONS, BANDS, GRADES } from '../../shared/settings/scoring.ts';
import type { Scoring } from '../../shared/settings/scoring.ts';

const instant = z.iso.datetime({ precision: 3 });
const byTopic = z.record(z.string(), z.number());
const band = z.literal(BANDS);
const mql = z
  .discriminatedUnion('by', [
    z.object({ by: z.literal('total') }),
    z.object({ by: z.literal('topic'), topic: z.string() }),
  ])
  .optional()
  .describe('Ripe for sales, and by what; absent where not.');

const part = z.object({
  type: z.string(),
  day: z.iso.date().describe('UTC day that the points decay from; of `older` ones the last.'),
  older: z.literal(true).optional().describe('Days that are final, together.'),
  count: z.int().optional(),
  given: z.number().optional().describe('Points on the day itself, after the cap.'),
  points: z.number().describe('What is left of them; parts add up to the total.'),
  topics: byTopic,
});

const shownEvent = z.object({
  type: z.string(),
  occurredAt: instant,
  source: z.string(),
  topics: z.array(z.string()),
  asset: z.string().optional(),
  mailing: z.string().optional(),
  verdict: z.enum(VERDICTS).optional().describe('Whose doing an open or click was; only a person’s counts.'),
  reasons: z.array(z.string()).optional(),
  countsFrom: instant.optional().describe('It does not count yet.'),
});

const changeShape = z.object({
  at: instant,
  detail: z.string(),
  total: z.number(),
  band: z.object({ from: band, to: band }),
  mql: z.object({ from: z.boolean(), to: z.boolean() }),
});

const explained = z.object({
  scored: z.literal(true),
  at: instant,
  rules: z.int().describe('Version of the scoring rules; 0: the defaults.'),
  interest: z.object({ total: z.number(), band, topics: byTopic, parts: z.array(part) }),
  potential: z.object({
    asOf: z.literal('today').describe('Always that of today’s profile.'),
    points: z.number(),
    grade: z.enum(GRADES),
    known: z.object({ known: z.int(), of: z.int() }),
    parts: z.array(
      z.object({
        criterion: z.enum(CRITERIA),
        value: z.string().optional(),
        points: z.number().optional().describe('Absent where nobody knows: unknown is not 0.'),
      }),
    ),
  }),
  action: z.enum(ACTIONS),
  mql,
  events: z.array(shownEvent).describe('Of the days that are not final yet, newest first.'),
  ahead: z.array(changeShape).describe('What changes by time alone.'),
});
export const scoreAnswer = z.discriminatedUnion('scored', [
  explained,
  z.object({ scored: z.literal(false), why: z.literal('no-profiling') }),
]);

export function viewScore(found: Explained): z.infer<typeof scoreAnswer> {
  if (!found.scored) return { scored: false, why: 'no-profiling' };
  const { score, events, ahead } = found;
  const { total, topics, parts } = score.interest;
  const { at, rules, action, mql: ripe } = score;
  return {
    scored: true,
    at,
    rules,
    interest: { total, band: score.band, topics, parts },
    potential: { asOf: 'today', ...score.potential },
    action,
    ...(ripe ? { mql: ripe } : {}),
    events: events.map(viewEvent),
    ahead: ahead.map((each) => viewChange(each, found.rules)),
  };
}

function viewEvent({ event, judged, countsFrom }: ExplainedEvent): z.infer<typeof shownEvent> {
  const { type, occurredAt, source, topics, asset, mail } = event;
  return {
    ...{ type, occurredAt, source, topics },
    ...(asset === undefined ? {} : { asset }),
    ...(mail ? { mailing: mail.mailing } : {}),
    ...(judged ? { verdict: judged.verdict, reasons: judged.reasons } : {}),
    ...(countsFrom === undefined ? {} : { countsFrom }),
  };
}

function viewChange(change: Change, rules: Scoring): z.infer<typeof changeShape> {
  const { at, from, to } = change;
  return {
    at,
    detail: wordsOf(change, rules),
    total: to.interest.total,
    band: { from: from.band, to: to.band },
    mql: { from: from.mql !== undefined, to: to.mql !== undefined },
  };
}

/** "falls under 60 on 2026-12-03: band 3, no MQL any more". */
function wordsOf({ at, from, to }: Change, { bands, mql }: Scoring): string {
  const what: string[] = [];
  if (to.band > from.band) what.push(`falls under ${bands[to.band === 4 ? '3' : to.band === 3 ? '2' : '1']}`);
  if (to.band < from.band) what.push(`reaches ${bands[to.band === 1 ? '1' : to.band === 2 ? '2' : '3']}`);
  const topic = from.mql?.by === 'topic' ? from.mql.topic : undefined;
  if (to.band === from.band && topic !== undefined && !to.mql) what.push(`${topic} falls under ${mql.topic}`);
  const says = [
    `band ${to.band}`,
    ...(from.mql && !to.mql ? ['no MQL any more'] : []),
    ...(!from.mql && to.mql ? ['an MQL'] : []),
  ];
  return `${what.join(', ') || 'changes'} on ${at.slice(0, 10)}: ${says.join(', ')}`;
}
