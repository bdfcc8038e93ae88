import type { Instant } from '../platform/clock.ts';
import type { Language } from '../settings/language.ts';
import type { Uses } from '../settings/uses.ts';

export type Wish = 'weekly' | 'monthly';

/** What the choices page shows, and what comes back from it: one shape, so that their difference is what was done. */
export type Chosen = {
  /** Uses that the person gets. */
  uses: readonly string[];
  topics: readonly string[];
  /** Calls and letters that the person wants no more of. */
  refused: readonly string[];
  wish: Wish | undefined;
  pausedUntil: Instant | undefined;
  language: Language;
};

/** What a person did on the page: the difference between what it showed and what they sent. */
export type Acts = {
  leaveUses: string[];
  joinUses: string[];
  leaveTopics: string[];
  joinTopics: string[];
  refuse: string[];
  /** Uses of which a topic was ticked, but not the use itself: no consent to its wording. */
  loose: string[];
  wish?: { was: Wish | undefined; to: Wish | undefined };
  pausedUntil?: { was: Instant | undefined; to: Instant | undefined };
  language?: { was: Language; to: Language };
};

/**
 * Pure. Only what the person changed is an act of theirs: what others changed meanwhile stays as it is. Unticking the
 * last topic of a use leaves the use, for nothing would be sent any more.
 */
export function actsOf(shown: Chosen, sent: Chosen, { topics }: Pick<Uses, 'topics'>): Acts {
  const emptied = shown.uses.filter((use) => {
    const own = topics.filter((topic) => topic.use === use).map(({ id }) => id);
    return own.some((id) => shown.topics.includes(id)) && !own.some((id) => sent.topics.includes(id));
  });
  const leaveUses = [...new Set([...minus(shown.uses, sent.uses), ...emptied])];
  const left = new Set(topics.filter(({ use }) => leaveUses.includes(use)).map(({ id }) => id));
  const stays = (topic: string) => !left.has(topic);
  const useOf = new Map(topics.map(({ id, use }) => [id, use]));
  const isMeant = (topic: string) => [...shown.uses, ...sent.uses].includes(useOf.get(topic) ?? '');
  const ticked = minus(sent.topics, shown.topics);
  return {
    leaveUses,
    joinUses: minus(sent.uses, shown.uses),
    leaveTopics: minus(shown.topics, sent.topics).filter(stays),
    joinTopics: ticked.filter(isMeant).filter(stays),
    loose: [...new Set(ticked.filter((topic) => !isMeant(topic)).map((topic) => useOf.get(topic) ?? topic))],
    refuse: minus(sent.refused, shown.refused),
    ...(shown.wish === sent.wish ? {} : { wish: { was: shown.wish, to: sent.wish } }),
    ...(shown.pausedUntil === sent.pausedUntil
      ? {}
      : { pausedUntil: { was: shown.pausedUntil, to: sent.pausedUntil } }),
    ...(shown.language === sent.language ? {} : { language: { was: shown.language, to: sent.language } }),
  };
}

function minus(from: readonly string[], without: readonly string[]): string[] {
  return from.filter((each) => !without.includes(each));
}
