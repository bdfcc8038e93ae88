import type { Contact, Incomplete, Permission, Review } from '../contacts/contact.ts';
import type { Change, EvidenceEntry } from './evidence.ts';
import { missingPieces } from './grade.ts';

/**
 * What the proof of a use lacks after an entry about it. A yes of ours and an undo prove nothing anew: what the person's
 * own declaration lacked is still lacking.
 */
export function gapIn(
  entry: EvidenceEntry,
  change: Change,
  before: { held: Permission | undefined; asked: Review | undefined },
): Incomplete | undefined {
  if (entry.route === 'review') return before.asked?.incomplete;
  if (entry.undoes !== undefined) {
    return before.held?.status === 'withdrawn' ? before.held.incomplete : undefined;
  }
  if (change.proof !== 'double' || missingPieces(entry, change).length === 0) return undefined;
  const isNewsEnough = missingPieces(entry, change, { delivered: true }).length === 0;
  return isNewsEnough && entry.signup ? { awaits: entry.signup.requestId } : {};
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
