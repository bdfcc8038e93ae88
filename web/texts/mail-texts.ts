import type { Language } from '../../shared/settings/language.ts';
import { deMail } from './de-mail.ts';
import { enMail } from './en-mail.ts';

const TEXTS = { de: deMail, en: enMail } as const satisfies Record<Language, typeof deMail>;

/** Texts of mails, apart from those of pages: no page function carries them. */
export function mailTextsFor(language: Language): typeof deMail {
  return TEXTS[language];
}
