import type { Language } from '../settings/language.ts';
import type { Settings } from '../settings/store.ts';
import { useName } from '../settings/uses.ts';
import type { Uses } from '../settings/uses.ts';
import { topicsOf } from './plan.ts';

/** A use with the hash of its wording and the topics chosen in it. */
export type UseRef = { use: string; wording: string | undefined; topics: readonly string[] };

/** Uses in words, for pages and mails: the wording is the very text agreed to. */
export async function describeUses(
  settings: Pick<Settings, 'wording'>,
  uses: Uses,
  language: Language,
  refs: readonly UseRef[],
): Promise<{ name: string; wording: string; topics: string[] }[]> {
  return Promise.all(
    refs.map(async ({ use, wording, topics }) => {
      const chosen = new Set(topicsOf(uses, use, topics));
      return {
        name: useName(uses, use, language),
        wording: (wording && (await settings.wording(wording))) ?? '',
        topics: uses.topics.filter(({ id }) => chosen.has(id)).map(({ name }) => name[language]),
      };
    }),
  );
}
