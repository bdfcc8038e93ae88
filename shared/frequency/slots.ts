import * as z from 'zod';

import type { Contact, ContactFrequency, FrequencySlot } from '../contacts/contact.ts';
import { DAY, plus } from '../platform/clock.ts';
import type { Instant } from '../platform/clock.ts';
import type { Use, Uses } from '../settings/uses.ts';

const instant = z.iso.datetime({ precision: 3 });

/** A message of the same channel; a reserved one counts until it is used or its time is out. */
export const countedSlot = z.object({
  at: instant,
  /** The same use of the same brand. */
  same: z.boolean(),
  until: instant.optional(),
});
export type CountedSlot = z.infer<typeof countedSlot>;

/**
 * The slots that count for one more message of a use at `at`: those of its channel over all brands of the controller.
 * @param own a reservation that the message would use up: it stands in nobody's way
 */
export function countedSlots(
  contact: Pick<Contact, 'frequency'>,
  uses: Uses,
  { brand, use, at, own }: { brand: string; use: Use; at: Instant; own?: string | undefined },
): CountedSlot[] {
  const personalCalls = new Set(
    uses.uses.filter(({ channel, bulk }) => channel === 'phone' && !bulk).map(({ id }) => id),
  );
  return (contact.frequency?.slots ?? [])
    .filter((slot) => slot.channel === use.channel && !personalCalls.has(slot.use) && !isOver(slot, at))
    .filter(({ reservation }) => own === undefined || reservation?.id !== own)
    .map((slot) => ({
      at: slot.at,
      same: slot.brand === brand && slot.use === use.id,
      ...(slot.reservation ? { until: slot.reservation.until } : {}),
    }));
}

/** Whether a reservation's time is out, so that its slot is free again. */
export function isOver({ reservation }: Pick<FrequencySlot, 'reservation'>, at: Instant): boolean {
  return reservation !== undefined && reservation.until <= at;
}

/** A year back: no cap looks further. */
const KEPT = 366 * DAY;

/** The frequency with one slot more, or with a reservation (`own`) used up, without all that no longer counts. */
export function withSlot(
  known: ContactFrequency | undefined,
  slot: FrequencySlot,
  own: string | undefined,
): ContactFrequency {
  const kept = (known?.slots ?? []).filter(
    (each) =>
      each.at > plus(slot.at, -KEPT) &&
      !isOver(each, slot.at) &&
      (own === undefined || each.reservation?.id !== own),
  );
  return { ...known, rev: (known?.rev ?? 0) + 1, slots: [...kept, slot] };
}

/** The frequency without a reservation; undefined where there is no such any more. */
export function withoutReservation(
  known: ContactFrequency | undefined,
  reservationId: string,
): ContactFrequency | undefined {
  if (!known?.slots.some(({ reservation }) => reservation?.id === reservationId)) return undefined;
  const slots = known.slots.filter(({ reservation }) => reservation?.id !== reservationId);
  return { ...known, rev: known.rev + 1, slots };
}
