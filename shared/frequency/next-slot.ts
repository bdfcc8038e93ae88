import { DAY, toInstant, toMs } from '../platform/clock.ts';
import type { Instant } from '../platform/clock.ts';
import type { CapReason, Limit } from './caps.ts';
import type { CountedSlot } from './slots.ts';

export type SlotAnswer =
  | { free: true }
  /** `retryAt`: the first instant that every limit allows; absent where none ever does. */
  | { free: false; reasons: CapReason[]; retryAt?: Instant };

/** Whether one more message fits at `at` into every window that would hold it, and else when the next one opens. */
export function nextSlot(slots: readonly CountedSlot[], limits: readonly Limit[], at: Instant): SlotAnswer {
  const refusing = limits.filter((limit) => !fits(slots, limit, at));
  if (refusing.length === 0) return { free: true };
  const reasons = [...new Set(refusing.map(({ reason }) => reason))];
  const retryAt = openings(slots, limits, at).find((later) =>
    limits.every((each) => fits(slots, each, later)),
  );
  return { free: false, reasons, ...(retryAt ? { retryAt } : {}) };
}

/** Instants at which a window may open: a message leaves it, or a reservation runs out. */
function openings(slots: readonly CountedSlot[], limits: readonly Limit[], at: Instant): Instant[] {
  const days = new Set(limits.map((limit) => limit.days));
  const instants = slots.flatMap((slot) => [
    ...[...days].map((count) => toInstant(toMs(slot.at) + count * DAY)),
    ...(slot.until === undefined ? [] : [slot.until]),
  ]);
  return [...new Set(instants)].filter((instant) => instant > at).sort();
}

/** Windows are half-open: a message exactly `days` days after another is in a new one. */
function fits(slots: readonly CountedSlot[], { count, days, per }: Limit, at: Instant): boolean {
  const time = toMs(at);
  const all = slots
    .filter(({ same, until }) => (per === 'channel' || same) && (until === undefined || until > at))
    .map((slot) => toMs(slot.at))
    .concat(time)
    .sort((a, b) => a - b);
  return all.every((first, position) => {
    const last = all[position + count];
    if (last === undefined || first > time || last < time) return true;
    return last - first >= days * DAY;
  });
}
