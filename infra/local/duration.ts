import { DAY, HOUR, MINUTE, SECOND } from '../../shared/platform/clock.ts';

const PATTERN = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;

/** An ISO 8601 duration of fixed length (`PT72H`, `P1D`, `P1DT2H30M`) in milliseconds; undefined for all else. */
export function parseDuration(text: string): number | undefined {
  const match = PATTERN.exec(text);
  if (!match || /[PT]$/.test(text)) return undefined;
  const [weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = match
    .slice(1)
    .map((part) => Number(part ?? 0));
  return (weeks * 7 + days) * DAY + hours * HOUR + minutes * MINUTE + seconds * SECOND;
}
