import type { Language } from '../../shared/settings/language.ts';

const TOPICS = { de: 'Themen', en: 'Topics' } as const satisfies Record<Language, string>;

/** `Topics: A, B, C`; plain commas, since names of topics hold an "and" of their own. */
export function topicsText({ topics }: { topics: readonly string[] }, language: Language): string {
  return topics.length > 0 ? `${TOPICS[language]}: ${topics.join(', ')}` : '';
}
