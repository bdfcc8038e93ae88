/** An instant in UTC, ISO 8601 with milliseconds: `2026-11-22T07:25:00.000Z`. Sorts as text. */
export type Instant = string;

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

const OFFSET = Symbol.for('assent.clock.offset');
const shared = globalThis as { [OFFSET]?: number };

/** The present in milliseconds since 1970. The one place that asks the machine for the time. */
export function nowMs(): number {
  return Date.now() + (shared[OFFSET] ?? 0);
}

/** The present of all other machines, wherever our clock was moved to: for what they signed with theirs. */
export function realMs(): number {
  return Date.now();
}

/** The present instant. */
export function now(): Instant {
  return toInstant(nowMs());
}

/** Moves the clock of this process to `offsetMs` after real time (one machine and tests; 0 on AWS). */
export function setClockOffset(offsetMs: number): void {
  shared[OFFSET] = offsetMs;
}

export function toInstant(ms: number): Instant {
  return new Date(ms).toISOString();
}

export function toMs(instant: Instant): number {
  return Date.parse(instant);
}

/** As the AWS SDK wants it. */
export function toDate(instant: Instant): Date {
  return new Date(instant);
}

/** `instant` moved by `ms` (may be negative). */
export function plus(instant: Instant, ms: number): Instant {
  return toInstant(toMs(instant) + ms);
}

/** `instant` moved by calendar months in UTC; a day that the month does not have becomes its last. */
export function plusMonths(instant: Instant, months: number): Instant {
  const date = new Date(instant);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, last));
  return date.toISOString();
}

/** DynamoDB TTL wants whole seconds since 1970. */
export function toTtl(instant: Instant): number {
  return Math.ceil(toMs(instant) / SECOND);
}
