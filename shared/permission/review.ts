import { permissionKey } from '../contacts/contact.ts';
import type { Review } from '../contacts/contact.ts';
import { findContact } from '../contacts/find-contact.ts';
import type { Instant } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import type { Settings } from '../settings/store.ts';
import type { Actor, Change } from './evidence.ts';
import { RESTING, modelFor } from './models.ts';
import { namedBrand } from './named-places.ts';
import { record, untilRecorded } from './record.ts';
import type { RecordDeps, Recorded } from './record.ts';
import { heldBy, permissionOf } from './status.ts';

export type ReviewDeps = RecordDeps & { settings: Pick<Settings, 'brand'> };
export type ReviewInput = {
  controller: string;
  contactId: string;
  brand: string;
  use: string;
  /** In words; sealed. */
  reason?: string | undefined;
  /** A named person: a program decides nothing here (DOMAIN 4). */
  actor: Extract<Actor, { kind: 'staff' }>;
  at: Instant;
};

/**
 * Grants what the person declared when they asked; a block ends with it.
 * @throws AppError `conflict` where nothing waits (any more), or the person said no since they asked
 */
export async function approveReview(deps: ReviewDeps, input: ReviewInput): Promise<Recorded> {
  return settle(deps, input, 'granted', ({ topics = [], wording, form, proof, seq }, held) => {
    const objection = heldBy(held);
    // The last word is the person's: only their own proven act, later than their no, can be allowed (DOMAIN 2).
    if (objection?.status === 'withdrawn' && (proof !== 'double' || seq <= objection.seq)) {
      throw conflict('withdrawn', 'The person said no; only their own new confirmation leads out of it.');
    }
    if (!wording || !proof) throw conflict('incomplete', 'What the person declared is not known.');
    return { to: 'granted', topics, wording, form, proof };
  });
}

/** Settles a request with a no of ours; the permission stays what it is. */
export async function denyReview(deps: ReviewDeps, input: ReviewInput): Promise<Recorded> {
  return settle(deps, input, 'denied', () => ({}));
}

/** Of decisions made at once the first wins; the others find that nothing waits. */
async function settle(
  deps: ReviewDeps,
  { controller, contactId, brand: brandId, use, reason, actor, at }: ReviewInput,
  type: 'granted' | 'denied',
  decide: (asked: Review, held: ReturnType<typeof permissionOf>) => Partial<Change>,
): Promise<Recorded> {
  return untilRecorded(async () => {
    const contact = await findContact(deps.db, controller, contactId);
    const brand = await namedBrand(deps.settings, controller, brandId);
    const asked = contact.reviews?.[permissionKey(brandId, use)];
    if (!asked) throw conflict('not-waiting', 'Nothing waits for a decision here (any more).');
    const held = permissionOf(contact, brandId, use);
    const from = held?.status ?? RESTING[modelFor(brand, contact.country)];
    return record(deps, {
      contact,
      draft: {
        type,
        at,
        actor,
        route: 'review',
        changes: [{ brand: brandId, use, from, to: from, ...decide(asked, held) }],
      },
      payload: { address: contact.address, ...(reason === undefined ? {} : { notes: { reason } }) },
    });
  });
}

function conflict(reason: string, message: string): AppError {
  return new AppError('conflict', message, { reason });
}
