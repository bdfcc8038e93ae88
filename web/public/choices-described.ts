import type { EvidenceEntry } from '../../shared/permission/evidence.ts';
import type { Acts } from '../../shared/preferences/acts.ts';
import type { Joined } from '../../shared/preferences/join-uses.ts';
import type { SavedChoices } from '../../shared/preferences/save-choices.ts';
import type { Language } from '../../shared/settings/language.ts';
import { topicName, useName } from '../../shared/settings/uses.ts';
import type { Uses } from '../../shared/settings/uses.ts';
import type { PageContext } from '../components/layout.tsx';
import { choicesTextsFor } from '../texts/choices-texts.ts';
import { formatDate, listText } from '../texts/format.ts';

type About = { uses: Uses; context: PageContext };
type Outcome = {
  entries: readonly (EvidenceEntry | undefined)[];
  /** `reworded`: other words than those shown would be agreed to. */
  joined?: Joined | { kind: 'reworded' };
  acts?: Acts;
  saved?: Pick<SavedChoices, 'overtaken' | 'conflicts' | 'join'>;
  /** There is a log-in, but it is too old to prove the mailbox. */
  isOldLogin?: boolean;
};

/** What a save came to in words: what holds now, and what is still to happen or did not. */
export function describeSaved(
  { uses, context: { language } }: About,
  { entries, joined, acts, saved, isOldLogin = false }: Outcome,
): { changed: string[]; notes: string[] } {
  const texts = choicesTextsFor(language);
  const useNames = (ids: readonly string[]) =>
    listText(
      ids.map((id) => useName(uses, id, language)),
      language,
    );
  const { join = [], overtaken = [], conflicts = [] } = saved ?? {};
  const notes = [
    ...(joined?.kind === 'asked' ? [`${texts.asked}. ${texts.askedText(useNames(join))}`] : []),
    ...(joined?.kind === 'asked' && isOldLogin ? [texts.oldLogin] : []),
    ...(joined?.kind === 'too-many' ? [texts.tooMany] : []),
    ...(joined?.kind === 'reworded' ? [texts.reworded(useNames(join))] : []),
    ...(overtaken.length > 0 ? [texts.overtaken(useNames(overtaken))] : []),
    ...(acts && acts.loose.length > 0 ? [texts.loose(useNames(acts.loose))] : []),
    ...conflicts.map((name) => texts.conflicts[name]),
  ];
  const changed = entries.flatMap((entry) => (entry ? describeEntry(entry, uses, language) : []));
  return { changed, notes };
}

function describeEntry(entry: EvidenceEntry, uses: Uses, language: Language): string[] {
  const texts = choicesTextsFor(language);
  const nameOf = (id: string) => useName(uses, id, language);
  const topicOf = (id: string) => topicName(uses, id, language);
  const { wish, pausedUntil, language: spoken } = entry.choices ?? {};
  return [
    ...(entry.noAdvertising ? [texts.none] : []),
    ...entry.changes.flatMap(({ use, to, beneath, review, topicsJoined = [], topicsLeft = [], from }) => {
      if (entry.noAdvertising) return [];
      if (review) return [texts.waits(nameOf(use))];
      if (to === 'withdrawn' || beneath) return [texts.gone(nameOf(use))];
      return [
        ...(from !== to ? [texts.joined(nameOf(use))] : []),
        ...topicsJoined.map((topic) => texts.joined(topicOf(topic))),
        ...topicsLeft.map((topic) => texts.gone(topicOf(topic))),
      ];
    }),
    ...(wish ? [texts.wish[wish.to ?? '']] : []),
    ...(pausedUntil
      ? [pausedUntil.to === undefined ? texts.noPause : texts.paused(formatDate(pausedUntil.to, language))]
      : []),
    ...(spoken?.to ? [`${texts.language}: ${texts.languages[spoken.to]}`] : []),
  ];
}
