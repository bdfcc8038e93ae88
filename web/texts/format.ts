import { toMs } from '../../shared/platform/clock.ts';
import type { Instant } from '../../shared/platform/clock.ts';
import type { Language } from '../../shared/settings/language.ts';

const LOCALES = { de: 'de-DE', en: 'en-GB' } as const satisfies Record<Language, string>;
/** One zone for everybody, and always named beside the time: a consent has one instant, whoever reads it. */
const ZONE = 'Europe/Berlin';

const DAY = { day: 'numeric', month: 'long', year: 'numeric', timeZone: ZONE } as const;
const MOMENT = { ...DAY, hour: '2-digit', minute: '2-digit', timeZoneName: 'short' } as const;

type Formats = ReturnType<typeof makeFormats>;
const made = new Map<Language, Formats>();

/** The day of an instant, written out: `22. November 2026`. */
export function formatDate(instant: Instant, language: Language): string {
  return formatsOf(language).date.format(toMs(instant));
}

/** An instant with its zone: `22. November 2026 um 08:25 MEZ`. */
export function formatDateTime(instant: Instant, language: Language): string {
  return formatsOf(language).dateTime.format(toMs(instant));
}

/** A number as the language writes it, to one decimal: `1.234,5`. */
export function formatNumber(value: number, language: Language): string {
  return formatsOf(language).number.format(value).replace('-', '\u2212');
}

/** Things in a row as the language joins them: `A, B und C`. */
export function listText(items: readonly string[], language: Language): string {
  return formatsOf(language).list.format(items);
}

/** Made on first use: they cost more than all other start-up work of a page. */
function formatsOf(language: Language): Formats {
  const formats = made.get(language) ?? makeFormats(language);
  made.set(language, formats);
  return formats;
}

function makeFormats(language: Language) {
  const locale = LOCALES[language];
  return {
    date: new Intl.DateTimeFormat(locale, DAY),
    dateTime: new Intl.DateTimeFormat(locale, MOMENT),
    number: new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }),
    list: new Intl.ListFormat(locale, { type: 'conjunction' }),
  };
}
