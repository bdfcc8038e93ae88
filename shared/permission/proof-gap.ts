import type { Contact, Incomplete, Permission, Review } from '../contacts/contact.ts';
import type { Change, EvidenceEntry } from './evidence.ts';
import { missingPieces } from './grade.ts';

type Before = { held: Permission | undefined; asked: Review | undefined; addressKey: string | undefined };

/**
 * What the proof of a use lacks after an entry about it. A yes of ours and an undo prove nothing anew: what the person's
 * own declaration lacked is still lacking. What was proven stays so when it is renewed in the same words.
 */
export function gapIn(entry: EvidenceEntry, change: Change, before: Before): Incomplete | undefined {
  if (entry.route === 'review') return before.asked?.incomplete;
  if (entry.undoes !== undefined) {
    return before.held?.status === 'withdrawn' ? before.held.incomplete : undefined;
  }
  if (change.proof !== 'double' || missingPieces(entry, change).length === 0) return undefined;
  if (renewsProven(change, before)) return undefined;
  const isNewsEnough = missingPieces(entry, change, { delivered: true }).length === 0;
  return isNewsEnough && entry.signup ? { awaits: entry.signup.requestId } : {};
}

/** Topics are a choice within a consent, other words or another address are another consent. */
function renewsProven({ from, wording }: Change, { held, addressKey }: Before): boolean {
  if (from !== 'granted' || held?.status !== 'granted') return false;
  const isProven = held.proof === 'double' && held.incomplete === undefined;
  return isProven && held.wording === wording && held.addressKey === addressKey;
}

/** Makes complete what only awaited the news that the mail of a sign-up arrived, wherever it lies on the contact. */
export function closeGaps(after: Contact, requestId: string): void {
  for (const [place, held] of Object.entries(after.permissions)) {
    after.permissions[place] =
      held.status === 'blocked' ? closeBeneath(held, requestId) : close(held, requestId);
  }
  for (const [place, asked] of Object.entries(after.reviews ?? {})) {
    if (asked.incomplete?.awaits === requestId) {
      after.reviews = { ...after.reviews, [place]: close(asked, requestId) };
    }
  }
}

function closeBeneath(held: Extract<Permission, { status: 'blocked' }>, requestId: string): Permission {
  const underneath = held.underneath && close(held.underneath, requestId);
  return underneath && underneath !== held.underneath ? { ...held, underneath } : held;
}

function close<T extends { incomplete?: Incomplete | undefined }>(held: T, requestId: string): T {
  if (held.incomplete?.awaits !== requestId) return held;
  const complete = { ...held };
  delete complete.incomplete;
  return complete;
}
