import { SECOND, toMs } from '../platform/clock.ts';
import { allLinksClicks, burstsOf, sweptReactions } from './bursts.ts';
import { DELIVERED, REACTIONS } from './event.ts';
import type { EngagementEvent, MailFacts, Verdict } from './event.ts';
import { telling, weigh } from './signs.ts';
import type { Known } from './signs.ts';

/** Version of the rules below: it stands with every verdict. */
export const VERDICT_VERSION = 1;
export type Judged = { verdict: Verdict; version: number; reasons: string[] };

const SUSPECT_FROM = 2;
const MACHINE_FROM = 5;

type Own = { event: EngagementEvent; known: Omit<Known, 'beside'> };

/**
 * Whether people or machines made the opens and clicks of one contact: the verdict of each, by its place in `events`.
 * Pure, and made anew whenever another event comes in, so a whole burst is classed again.
 * A lost click of a person is worse than a counted one of a machine: no single weak sign makes a doubt.
 * @param events all that is known of the contact's mails until the instant that is asked about, in any order; others
 *   than opens and clicks have no verdict
 */
export function judgeReactions(events: readonly EngagementEvent[]): ReadonlyMap<EngagementEvent, Judged> {
  const delivered = deliveriesOf(events);
  const byMessage = Map.groupBy(events.flatMap(toReaction), ({ mail }) => mail.messageId);
  return new Map([...byMessage.values()].flatMap((reactions) => judgeMessage(reactions, delivered)));
}

type Reaction = { event: EngagementEvent; mail: MailFacts; reaction: Known['reaction'] };

function toReaction(event: EngagementEvent): Reaction[] {
  const { mail, type } = event;
  const reaction = REACTIONS.find((name) => name === type);
  return mail && reaction ? [{ event, mail, reaction }] : [];
}

/** All reactions to one message. */
function judgeMessage(
  reactions: readonly Reaction[],
  delivered: ReadonlyMap<string, number[]>,
): [EngagementEvent, Judged][] {
  const clicks = reactions.flatMap(({ event, reaction }) => (reaction === 'click' ? event : []));
  const swept = sweptReactions(reactions.map(({ event }) => event));
  const allLinks = allLinksClicks(clicks);
  const known = reactions.map(({ event, mail, reaction }): Own => {
    const since = secondsSince(delivered.get(mail.sendId) ?? [], toMs(event.occurredAt));
    return {
      event,
      known: { reaction, mail, since, swept: swept.has(event), allLinks: allLinks.has(event) },
    };
  });
  const beside = tellingBursts(known);
  return known.map(({ event, known: own }) => {
    const { weight, reasons } = weigh({ ...own, beside: beside.get(event) });
    return [event, { verdict: toVerdict(weight), version: VERDICT_VERSION, reasons }];
  });
}

/** What the worst of its burst says about each reaction; nothing about itself. */
function tellingBursts(reactions: readonly Own[]): ReadonlyMap<EngagementEvent, Known['beside']> {
  const tells = new Map(reactions.map(({ event, known }) => [event, telling(known)]));
  const bursts = burstsOf(reactions.map(({ event }) => event));
  return new Map(
    bursts.flatMap((burst) => {
      const worst = (['certain', 'likely'] as const).find((how) =>
        burst.some((event) => tells.get(event) === how),
      );
      return burst.map((event) => [event, tells.get(event) === worst ? undefined : worst] as const);
    }),
  );
}

function toVerdict(weight: number): Verdict {
  if (weight >= MACHINE_FROM) return 'machine';
  return weight >= SUSPECT_FROM ? 'suspect' : 'human';
}

/** When the mails of each send were delivered, in order. */
function deliveriesOf(events: readonly EngagementEvent[]): ReadonlyMap<string, number[]> {
  const bySend = Map.groupBy(
    events.filter(({ type, mail }) => type === DELIVERED && mail !== undefined),
    ({ mail }) => mail?.sendId ?? '',
  );
  return new Map(
    [...bySend].map(([sendId, own]) => [
      sendId,
      own.map((event) => toMs(event.occurredAt)).toSorted(ascending),
    ]),
  );
}

/** Seconds since the last delivery before it, or until the first after it, which are negative. */
function secondsSince(deliveries: readonly number[], at: number): number | undefined {
  const delivery = deliveries.findLast((ms) => ms <= at) ?? deliveries[0];
  return delivery === undefined ? undefined : (at - delivery) / SECOND;
}

function ascending(a: number, b: number): number {
  return a - b;
}
