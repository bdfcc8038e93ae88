import type { Language } from './language.ts';
import type { Cap } from './policy.ts';
import type { Channel } from './uses.ts';

/** Words that a consent text is searched for. They find the usual phrases; a person still has to read the text. */
const MEASURING = {
  de: /(?<!\p{L})(öffne\w*|öffnungen|öffnungsrate\w*|klick\p{L}*|tracking|nutzungsverhalten|leseverhalten|\p{L}*profil\p{L}*|personalisier\p{L}*)/iu,
  en: /(?<!\p{L})(opens|opened|open (it|its|them|our|your|the e-?mail)|click\w*|track\w*|profil\w*|behaviou?r|personali[sz]\w*)/iu,
} as const satisfies Record<Language, RegExp>;

const WITHDRAWAL = {
  de: /widerr|abbestell|abmeld|widersprech|austrag/i,
  en: /withdraw|unsubscribe|opt[ -]?out|object|revoke/i,
} as const satisfies Record<Language, RegExp>;

const CHANNEL = {
  email: { de: /e-?mail/i, en: /e-?mail/i },
  phone: { de: /telefon|anruf|angerufen/i, en: /phone|call/i },
  post: { de: /post|brief/i, en: /post|letter|by mail/i },
} as const satisfies Record<Channel, Record<Language, RegExp>>;

const COUNTS = [
  ['einmal', 1],
  ['zweimal', 2],
  ['dreimal', 3],
  ['viermal', 4],
  ['once', 1],
  ['twice', 2],
  ['three times', 3],
  ['four times', 4],
] as const;
const PERIODS = [
  [/^(tag|day)/i, 1],
  [/^(woche|week)/i, 7],
  [/^(monat|month)/i, 30],
  [/^(quartal|quarter)/i, 91],
  [/^(jahr|year)/i, 365],
] as const;
const ADVERBS = [
  [/(?<!\p{L})(täglich|daily)/iu, 1],
  [/(?<!\p{L})(wöchentlich|weekly)/iu, 7],
  [/(?<!\p{L})(monatlich|monthly)/iu, 30],
] as const;
const PHRASE = new RegExp(
  `(?<!\\p{L})(${COUNTS.map(([word]) => word).join('|')}|\\d+ ?(?:mal|x|times)) (?:pro|in der|im|am|je|jede|jeden|a|an|per|each|every) (\\p{L}+)`,
  'iu',
);

/** The words by which a text speaks of measuring or profiling (G12). */
export function measuringWords(text: string, language: Language): string | undefined {
  return MEASURING[language].exec(text)?.[0];
}

export function namesWithdrawal(text: string, language: Language): boolean {
  return WITHDRAWAL[language].test(text);
}

export function namesChannel(text: string, language: Language, channel: Channel): boolean {
  return CHANNEL[channel][language].test(text);
}

/** How often a text says that we write: "höchstens einmal pro Woche", "twice a month", "weekly" (G18). */
export function frequencyIn(text: string): Cap | undefined {
  const [, times = '', period = ''] = PHRASE.exec(text) ?? [];
  const days = PERIODS.find(([word]) => word.test(period))?.[1];
  if (days !== undefined) {
    const word = COUNTS.find(([known]) => known === times.toLowerCase());
    return { count: word?.[1] ?? Number.parseInt(times, 10), days };
  }
  const adverb = ADVERBS.find(([word]) => word.test(text));
  return adverb && { count: 1, days: adverb[1] };
}
