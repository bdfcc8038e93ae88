import { SECOND, toMs } from '../platform/clock.ts';
import type { EngagementEvent } from './event.ts';

/** So many different links of one mail in less than so many milliseconds are followed by no hand, whoever it is. */
const AT_ONCE = { links: 3, ms: 2 * SECOND } as const;
/** More of them, by one visitor, are not either. */
const IN_A_ROW = { links: 6, ms: 10 * SECOND } as const;
/** All links of a mail, of at least so many, by one visitor in less than so long: people are through three of them soon. */
const ALL_LINKS = [
  { least: 3, ms: 5 * SECOND },
  { least: 5, ms: 10 * SECOND },
] as const;
/** What follows each other no further apart than this may be one burst. */
const GAP = 2 * SECOND;

/** Reactions to one mail that belong to a sweep over many of its links, and the pictures that it loads on the way. */
export function sweptReactions(reactions: readonly EngagementEvent[]): ReadonlySet<EngagementEvent> {
  const clicks = reactions.filter(({ mail }) => mail?.link !== undefined);
  const swept = new Set([
    ...windows(clicks, AT_ONCE.ms).filter(hasLinks(AT_ONCE.links)).flat(),
    ...byVisitor(clicks).flatMap((own) => windows(own, IN_A_ROW.ms).filter(hasLinks(IN_A_ROW.links)).flat()),
  ]);
  const opens = reactions.filter(({ mail }) => mail?.link === undefined);
  const loaded = opens.filter((open) => [...swept].some((click) => isBeside(open, click)));
  return new Set([...swept, ...loaded]);
}

/** Clicks of one mail by which one visitor follows every link that it has, within seconds. */
export function allLinksClicks(clicks: readonly EngagementEvent[]): ReadonlySet<EngagementEvent> {
  const links = Math.max(0, ...clicks.map(({ mail }) => mail?.links ?? 0));
  const asked = ALL_LINKS.filter(({ least }) => links >= least);
  const found = byVisitor(clicks).flatMap((own) =>
    asked.flatMap(({ ms }) => windows(own, ms).filter(hasLinks(links)).flat()),
  );
  return new Set(found);
}

/** The longer a window, the likelier somebody else comes by in it: a person, seconds before the filter. */
function byVisitor(clicks: readonly EngagementEvent[]): EngagementEvent[][] {
  return [...Map.groupBy(clicks, visitorOf).values()];
}

function visitorOf({ mail }: EngagementEvent): string {
  return `${mail?.userAgent}\n${mail?.network}`;
}

function isBeside(one: EngagementEvent, other: EngagementEvent): boolean {
  return (
    visitorOf(one) === visitorOf(other) && Math.abs(toMs(one.occurredAt) - toMs(other.occurredAt)) <= GAP
  );
}

/**
 * Reactions to one mail in bursts: each follows the one before at once. One link alone makes no burst, because a filter
 * that looks at a link while a person clicks it says nothing about the person.
 */
export function burstsOf(reactions: readonly EngagementEvent[]): EngagementEvent[][] {
  const bursts: EngagementEvent[][] = [];
  let last = -Infinity;
  for (const event of inOrder(reactions)) {
    const at = toMs(event.occurredAt);
    if (at - last > GAP) bursts.push([]);
    bursts.at(-1)?.push(event);
    last = at;
  }
  return bursts.filter(hasLinks(2));
}

/** The longest runs from each event on that are shorter than `ms`. */
function windows(events: readonly EngagementEvent[], ms: number): EngagementEvent[][] {
  const ordered = inOrder(events);
  let end = 0;
  return ordered.map((first, start) => {
    const until = toMs(first.occurredAt) + ms;
    for (let next = ordered[end]; next && toMs(next.occurredAt) < until; next = ordered[end]) end += 1;
    return ordered.slice(start, end);
  });
}

function hasLinks(least: number): (events: readonly EngagementEvent[]) => boolean {
  return (events) => new Set(events.flatMap(({ mail }) => mail?.link ?? [])).size >= least;
}

function inOrder(events: readonly EngagementEvent[]): EngagementEvent[] {
  return events.toSorted((a, b) => toMs(a.occurredAt) - toMs(b.occurredAt));
}
