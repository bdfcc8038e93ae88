import type { Explained, ExplainedEvent } from '../../shared/scoring/explain.ts';
import type { NotCounted } from '../texts/interests-texts.ts';

/** One line of what a profile of interests is made of: points of a kind on a day, or why there are none. */
export type InterestLine = {
  type: string;
  /** UTC day; of `older` ones the last. */
  day: string;
  older?: true | undefined;
  count: number;
  given?: number | undefined;
  left: number;
  notCounted?: NotCounted;
};

/** What counts, and what we saw and do not count, the newest first. Pure. */
export function interestLines({
  score,
  events,
}: Pick<Extract<Explained, { scored: true }>, 'score' | 'events'>): InterestLine[] {
  const counted = score.interest.parts.map(
    ({ type, day, older, count = 1, given, points }): InterestLine => ({
      ...{ type, day, older, count, given },
      left: points,
    }),
  );
  const groups = Map.groupBy(
    events.flatMap((explained) => notCounted(explained) ?? []),
    ({ type, day, why }) => `${type} ${day} ${why}`,
  );
  const others = [...groups.values()].flatMap((group): InterestLine[] => {
    const [first] = group;
    return first ? [{ ...first, count: group.length, left: 0, notCounted: first.why }] : [];
  });
  return [...counted, ...others].toSorted(newestFirst);
}

function notCounted(explained: ExplainedEvent) {
  const why = whyNot(explained);
  const { type, occurredAt } = explained.event;
  return why && { type, day: occurredAt.slice(0, 10), why };
}

function whyNot({ event, judged }: ExplainedEvent): NotCounted | undefined {
  if (judged && judged.verdict !== 'human') return judged.verdict;
  return event.mail?.leaving ? 'leaving' : undefined;
}

function newestFirst(a: InterestLine, b: InterestLine): number {
  if (a.older !== b.older) return a.older ? 1 : -1;
  return a.day < b.day ? 1 : a.day > b.day ? -1 : 0;
}
