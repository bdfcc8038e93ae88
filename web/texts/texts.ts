import type { Language } from '../../shared/settings/language.ts';
import { de } from './de.ts';
import type { Texts } from './de.ts';
import { en } from './en.ts';

const TEXTS = { de, en } as const satisfies Record<Language, Texts>;

/** The texts of pages. */
export function textsFor(language: Language): Texts {
  return TEXTS[language];
}
