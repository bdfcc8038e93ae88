import type { Child } from 'hono/jsx';

import type { EngagementEvent } from '../../shared/engagement/event.ts';
import { judgeReactions } from '../../shared/engagement/verdict.ts';
import { DAY, plus } from '../../shared/platform/clock.ts';
import type { Explained } from '../../shared/scoring/explain.ts';
import type { PotentialFacts } from '../../shared/scoring/potential.ts';
import { scoreAt } from '../../shared/scoring/score.ts';
import { demoUses } from '../../shared/settings/demo.ts';
import { demoScoring } from '../../shared/settings/demo-scoring.ts';
import type { PageContext } from '../../web/components/layout.tsx';
import type { ProfileFrame } from '../../web/components/profile-nav.tsx';
import { InterestsPage } from '../../web/public/pages/interests-page.tsx';
import { event, mailEvent, rules } from './engagement.ts';

const AT = '2026-11-22T07:25:00.000Z';
const ago = (days: number) => plus(AT, -days * DAY);

/** An open that a program made: it names itself. */
const scan = (days: number) =>
  mailEvent('open', ago(days), { mail: { sendId: `scan_${days}`, userAgent: 'GoogleImageProxy' } });
const TWO = ['drives', 'automation'];
const ACTIVE: EngagementEvent[] = [
  event('fair-visit', ago(44), { topics: ['drives'] }),
  event('webinar', ago(40), { topics: TWO }),
  ...[30, 27, 24, 21].map((days) => event('page-visit', ago(days), { topics: ['service'] })),
  event('download', ago(20), { topics: ['drives'], asset: 'catalogue' }),
  event('download', plus(ago(20), 60_000), { topics: ['drives'], asset: 'price-list' }),
  mailEvent('delivered', ago(18), { topics: ['drives'] }),
  event('webinar', ago(12), { topics: TWO }),
  scan(9),
  mailEvent('click', ago(8), { topics: ['drives'], mail: { sendId: 'send_2', leaving: true } }),
  mailEvent('click', ago(6), { topics: ['drives'], mail: { sendId: 'send_3' } }),
  event('event-registration', ago(5), { topics: ['drives'] }),
  event('form', ago(4), { topics: ['drives'] }),
  event('job-page', ago(3)),
  event('page-visit', ago(2), { topics: ['drives'] }),
];
const KNOWN: PotentialFacts = {
  position: 'head',
  department: 'Instandhaltung und Betriebstechnik',
  employees: 1_250,
  revenueMillions: 87.5,
  industry: 'Fördertechnik',
  country: 'DE',
  buyingRole: 'decider',
  reference: false,
};

/** A profile of interests in every state. */
export function interestsPages(context: PageContext): Record<string, Child> {
  const frame: ProfileFrame = { context, current: 'history', nonce: 'k1.n', choicesUrl: '/preferences/k1.a' };
  const show = (found: Explained) => (
    <InterestsPage frame={frame} found={found} uses={demoUses} offUrl="/preferences/k1.a#use-profiling" />
  );
  return {
    'interests-none': show({ scored: false }),
    'interests-empty': show(explained([], {})),
    interests: show(explained(ACTIVE, KNOWN)),
    'interests-scanned': show(explained([scan(3), scan(2)], { position: 'student', country: 'XX' })),
  };
}

function explained(events: EngagementEvent[], facts: PotentialFacts): Explained {
  const own = { ...rules(demoScoring), version: 3 };
  const judged = judgeReactions(events);
  return {
    scored: true,
    score: scoreAt({ events, days: new Map(), facts, rules: own }, AT),
    rules: own,
    events: events.map((each) => ({ event: each, judged: judged.get(each) })),
    ahead: [],
  };
}
