import { permissionKey, splitPermissionKey } from '../contacts/contact.ts';
import type { Contact } from '../contacts/contact.ts';
import type { Instant } from '../platform/clock.ts';
import type { Change, EvidenceEntry } from '../permission/evidence.ts';
import type { Policy } from '../settings/policy.ts';
import type { Uses } from '../settings/uses.ts';
import { retainedUntil } from './schedule.ts';

/** Why evidence outlives an erasure, and until when. */
export type KeptProof = { until: Instant; reason: 'claims' | 'phone-consent' };
type Consent = { givenAt: Instant; endedAt?: Instant };

/**
 * How long the evidence of somebody erased at `at` must stay readable for those who defend claims: undefined where no
 * consent, and nothing in place of one, was ever recorded, or where its time is over.
 */
export function proofToKeep(
  entries: readonly EvidenceEntry[],
  contact: Pick<Contact, 'lastUses'>,
  settings: { uses: Uses; policy: Pick<Policy, 'retention'> },
  at: Instant,
): KeptProof | undefined {
  const phones = new Set(settings.uses.uses.filter(({ channel }) => channel === 'phone').map(({ id }) => id));
  const proofs = [...consentsIn(entries)].flatMap(([place, { givenAt, endedAt = at }]): KeptProof[] => {
    const claims = retainedUntil('claims', endedAt, settings.policy);
    const lastUse = contact.lastUses?.[place] ?? givenAt;
    const used = lastUse > givenAt ? lastUse : givenAt;
    const phone = phones.has(splitPermissionKey(place).use)
      ? retainedUntil('phone-consent', used, settings.policy)
      : undefined;
    return [
      ...(claims ? [{ until: claims, reason: 'claims' } as const] : []),
      ...(phone ? [{ until: phone, reason: 'phone-consent' } as const] : []),
    ];
  });
  const [longest] = proofs.toSorted((a, b) => (a.until < b.until ? 1 : -1));
  return longest && longest.until > at ? longest : undefined;
}

/** Every consent that was ever recorded, by `brand#use`, as the chain tells of it. */
function consentsIn(entries: readonly EvidenceEntry[]): Map<string, Consent> {
  const consents = new Map<string, Consent>();
  for (const { at, changes, noAdvertising } of entries) {
    if (noAdvertising) for (const place of consents.keys()) end(consents, place, at);
    for (const change of changes) {
      const place = permissionKey(change.brand, change.use);
      if (isGiven(change)) consents.set(place, { givenAt: at });
      else if (change.to === 'withdrawn' || change.beneath || change.lapsed) end(consents, place, at);
    }
  }
  return consents;
}

/** A business card is no consent; leaving a topic and the end of a block give none anew. */
function isGiven({ to, wording, basis, review }: Change): boolean {
  if (basis) return basis !== 'business-card';
  return to === 'granted' && wording !== undefined && !review;
}

function end(consents: Map<string, Consent>, place: string, at: Instant): void {
  const consent = consents.get(place);
  if (consent) consents.set(place, { endedAt: at, ...consent });
}
