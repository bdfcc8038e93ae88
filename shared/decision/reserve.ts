import { permissionKey } from '../contacts/contact.ts';
import type { FrequencySlot } from '../contacts/contact.ts';
import { readContact } from '../contacts/store.ts';
import { newReservationId } from '../frequency/reservation.ts';
import { withSlot } from '../frequency/slots.ts';
import { updateFrequency } from '../frequency/store.ts';
import { MINUTE, plus } from '../platform/clock.ts';
import type { Instant } from '../platform/clock.ts';
import { newId } from '../platform/ids.ts';
import { transact, write } from '../platform/table.ts';
import { untilRecorded } from '../permission/record.ts';
import type { Channel } from '../settings/uses.ts';
import { decide } from './decide.ts';
import type { Decision } from './decision.ts';
import { loadKnown } from './load-known.ts';
import type { LoadDeps } from './load-known.ts';
import { recordPromotion } from './store.ts';
import { takeSnapshot } from './take-snapshot.ts';
import type { Known, Question, Settled } from './take-snapshot.ts';

/** What an allowed attempt leaves behind. */
export type Intent =
  | { kind: 'reserve'; channel: Channel }
  | { kind: 'record'; channel: Channel; mailing: string; topics: string[] };
export type Booked = {
  decision: Decision;
  reservation?: { id: string; until: Instant };
  sendId?: string;
};

/**
 * Decides and, where it is allowed, takes the slot in the same breath: one conditional update, so that of any number
 * of attempts at once no more than the caps allow succeed (DOMAIN 5). Who lost a race decides again on what is true then.
 */
export async function decideAndBook(
  deps: LoadDeps,
  question: Question,
  settled: Settled,
  first: Known,
  intent: Intent,
): Promise<Booked> {
  let known: Known | undefined = first;
  return untilRecorded(async () => {
    const now: Known = known ?? (await again(deps, question, first));
    known = undefined;
    const snapshot = takeSnapshot(question, settled, now);
    const decision = decide(snapshot);
    if (!decision.allowed) return { decision };
    const { contact, reservationId } = now;
    const slot = { at: question.at, channel: intent.channel, brand: question.brand.id, use: question.use.id };
    if (intent.kind === 'reserve') {
      const minutes = settled.policy.frequency.reservationMinutes;
      const reservation = { id: newReservationId(contact.id), until: plus(question.at, minutes * MINUTE) };
      const frequency = withSlot(contact.frequency, { ...slot, reservation }, reservationId);
      return (await write(deps.db, updateFrequency(contact, frequency)))
        ? { decision, reservation }
        : undefined;
    }
    const sendId = newId('p');
    const { mailing, topics } = intent;
    const sent = { ...slot, sendId, contactId: contact.id, topics, mailing, decision, snapshot };
    const outcome = await transact(deps.db, [
      recordUse(now, slot),
      ...recordPromotion(sent, settled.policy.retention.promotionMonths),
    ]);
    return outcome.done ? { decision, sendId } : undefined;
  });
}

/** A message sent: its slot, the use that keeps the consent alive (G7, G8), and one more without an answer so far. */
function recordUse({ contact, reservationId }: Known, slot: FrequencySlot) {
  const frequency = withSlot(contact.frequency, slot, reservationId);
  const { count = 0, since = slot.at } = frequency.unanswered ?? {};
  return updateFrequency(
    contact,
    slot.channel === 'email' ? { ...frequency, unanswered: { count: count + 1, since } } : frequency,
    { ...contact.lastUses, [permissionKey(slot.brand, slot.use)]: slot.at },
  );
}

async function again(deps: LoadDeps, question: Question, first: Known): Promise<Known> {
  const contact = await readContact(deps.db, first.contact.id);
  if (!contact) return first;
  const [known] = await loadKnown(deps, question, [{ contact }]);
  return { ...first, ...known };
}
