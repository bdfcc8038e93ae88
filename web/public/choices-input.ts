import { plusMonths } from '../../shared/platform/clock.ts';
import type { Instant } from '../../shared/platform/clock.ts';
import type { Chosen, Wish } from '../../shared/preferences/acts.ts';
import { LANGUAGES } from '../../shared/settings/language.ts';
import type { Language } from '../../shared/settings/language.ts';
import type { Uses } from '../../shared/settings/uses.ts';

type Fields = Record<string, string | undefined>;
export type PostedChoices = { shown: Chosen; sent: Chosen } & (
  | { ok: true }
  /** Which pause was asked for cannot be told: the way chosen and the last day, as they came. */
  | { ok: false; fault: PauseFault; pause: string; pauseDate: string }
);
export type PauseFault = 'pauseDateInvalid' | 'pauseTwice';

/** Reads the choices page as it was shown and as it came back. What we did not offer counts as not posted. */
export function readChoices(
  fields: Fields,
  { uses, topics }: Pick<Uses, 'uses' | 'topics'>,
  at: Instant,
): PostedChoices {
  const ids = uses.map(({ id }) => id);
  const topicIds = topics.map(({ id }) => id);
  const listed = (name: string, known: readonly string[]) =>
    (fields[name] ?? '').split(' ').filter((id) => known.includes(id));
  const ticked = (prefix: string, known: readonly string[]) =>
    known.filter((id) => fields[`${prefix}${id}`] === 'on');
  const shown: Chosen = {
    uses: listed('was.uses', ids),
    topics: listed('was.topics', topicIds),
    refused: listed('was.refused', ids),
    wish: readWish(fields['was.wish']),
    pausedUntil: fields['was.pausedUntil'] || undefined,
    language: readLanguage(fields['was.language']) ?? 'de',
  };
  const pause = readPause(fields, shown.pausedUntil, at);
  const sent: Chosen = {
    uses: ticked('use.', ids),
    topics: ticked('topic.', topicIds),
    refused: [...shown.refused, ...ticked('no.', ids)],
    wish: fields['wish'] === undefined ? shown.wish : readWish(fields['wish']),
    pausedUntil: pause.ok ? pause.until : shown.pausedUntil,
    language: readLanguage(fields['language']) ?? shown.language,
  };
  if (pause.ok) return { ok: true, shown, sent };
  const { pause: way = '', pauseDate = '' } = fields;
  return { ok: false, shown, sent, fault: pause.fault, pause: way, pauseDate };
}

function readWish(text: string | undefined): Wish | undefined {
  return text === 'weekly' || text === 'monthly' ? text : undefined;
}

function readLanguage(text: string | undefined): Language | undefined {
  return LANGUAGES.find((language) => language === text);
}

type ReadPause = { ok: true; until: Instant | undefined } | { ok: false; fault: PauseFault };

/** A day that was typed is meant: it counts where the way beside it was left as shown, and is never dropped. */
function readPause(fields: Fields, running: Instant | undefined, at: Instant): ReadPause {
  const { pause, pauseDate = '' } = fields;
  if (pauseDate === '') return pause === 'date' ? readDay('', at) : readWay(pause, running, at);
  const isMeant = pause === undefined || pause === 'date' || pause === fields['was.pause'];
  return isMeant ? readDay(pauseDate, at) : { ok: false, fault: 'pauseTwice' };
}

function readDay(day: string, at: Instant): ReadPause {
  const until = `${day}T23:59:59.999Z`;
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(Date.parse(until));
  return isDay && until > at && until <= plusMonths(at, 12)
    ? { ok: true, until }
    : { ok: false, fault: 'pauseDateInvalid' };
}

function readWay(way: string | undefined, running: Instant | undefined, at: Instant): ReadPause {
  switch (way) {
    case '':
      return { ok: true, until: undefined };
    case '1':
    case '3':
    case '6':
      return { ok: true, until: plusMonths(at, Number(way)) };
    case undefined:
    default:
      return { ok: true, until: running };
  }
}
