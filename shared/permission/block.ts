import type { Contact } from '../contacts/contact.ts';
import { findContact } from '../contacts/find-contact.ts';
import type { Instant } from '../platform/clock.ts';
import type { Brand } from '../settings/brand.ts';
import type { Settings } from '../settings/store.ts';
import { blockChanges, blockedUses, unblockChanges } from './block-changes.ts';
import type { Actor, Change, Route } from './evidence.ts';
import { namedBrand, namedUses } from './named-places.ts';
import { record, untilRecorded } from './record.ts';
import type { RecordDeps, Recorded } from './record.ts';

export type BlockDeps = RecordDeps & { settings: Pick<Settings, 'brand' | 'uses'> };
export type BlockInput = {
  controller: string;
  contactId: string;
  brand: string;
  /** To block: all bulk uses where none are named. To unblock: all that are blocked. */
  uses?: readonly string[] | undefined;
  /** In words; sealed, because words may speak of the person. */
  reason: string;
  actor: Actor;
  /** How it reached us, where it is not one of us who says so. */
  route?: Route;
  at: Instant;
};
/** An act of one of us, or `unchanged` where it was so before and nothing was written. */
export type StaffAct = ({ kind: 'recorded' } & Recorded) | { kind: 'unchanged'; contact: Contact };

/** Says no for us; what the person said is kept beneath (DOMAIN 2). Repeated or concurrent calls leave one entry. */
export async function blockContact(deps: BlockDeps, input: BlockInput): Promise<StaffAct> {
  return act(deps, input, 'blocked', async (contact, brand) =>
    blockChanges(contact, brand, await namedUses(deps.settings, input.controller, input.uses)),
  );
}

/** Takes a block back: each use is exactly what it was before, or what the person said beneath it since. */
export async function unblockContact(deps: BlockDeps, input: BlockInput): Promise<StaffAct> {
  const { controller, uses } = input;
  return act(deps, input, 'unblocked', async (contact, brand) => {
    const named = uses && (await namedUses(deps.settings, controller, uses));
    return unblockChanges(contact, brand, named ?? blockedUses(contact, brand));
  });
}

async function act(
  deps: BlockDeps,
  { controller, contactId, brand: brandId, reason, actor, route = 'staff', at }: BlockInput,
  type: 'blocked' | 'unblocked',
  changesOf: (contact: Contact, brand: Brand) => Promise<Change[]>,
): Promise<StaffAct> {
  return untilRecorded(async (): Promise<StaffAct | undefined> => {
    const contact = await findContact(deps.db, controller, contactId);
    const changes = await changesOf(contact, await namedBrand(deps.settings, controller, brandId));
    if (changes.length === 0) return { kind: 'unchanged', contact };
    const recorded = await record(deps, {
      contact,
      draft: { type, at, actor, route, changes },
      payload: { address: contact.address, notes: { reason } },
    });
    return recorded && { kind: 'recorded', ...recorded };
  });
}
