import { readContact } from '../contacts/store.ts';
import type { Contact } from '../contacts/contact.ts';
import { now } from '../platform/clock.ts';
import type { Action } from '../platform/table.ts';
import type { Brand } from '../settings/brand.ts';
import type { Settings } from '../settings/store.ts';
import type { Actor, Route } from './evidence.ts';
import { record, untilRecorded } from './record.ts';
import type { RecordDeps, Recorded } from './record.ts';
import { withdrawalChanges } from './scope.ts';
import type { Scope } from './scope.ts';

export type WithdrawDeps = RecordDeps & { settings: Pick<Settings, 'uses'> };
export type WithdrawInput = {
  contactId: string;
  brand: Brand;
  scope: Scope;
  route: Route;
  actor: Actor;
  reason?: string | undefined;
  ip?: string | undefined;
  userAgent?: string | undefined;
  /** Writes that belong to the same act, as they must be now: asked for anew in each round of a race. */
  also?: () => Promise<Action[]>;
};
export type Withdrawn =
  | ({ kind: 'withdrawn' } & Recorded)
  /** It was so before; nothing was written. */
  | { kind: 'already'; contact: Contact }
  /** We hold nobody by this id (any more). */
  | { kind: 'unknown' };

/** Records a withdrawal. Repeated or concurrent calls leave one entry (U6); a block stays above it (DOMAIN 2). */
export async function withdraw(deps: WithdrawDeps, input: WithdrawInput): Promise<Withdrawn> {
  return untilRecorded(async (): Promise<Withdrawn | undefined> => {
    const contact = await readContact(deps.db, input.contactId);
    if (!contact || contact.controller !== input.brand.controller.id) return { kind: 'unknown' };
    const act = input.route === 'complaint' ? 'complains' : 'withdraws';
    const uses = await deps.settings.uses(contact.controller);
    const changes = withdrawalChanges(input.scope, act, contact, input.brand, uses);
    const all = input.scope.kind === 'all' && !contact.noAdvertising;
    if (changes.length === 0 && !all) return { kind: 'already', contact };
    const recorded = await record(deps, {
      contact,
      draft: {
        type: 'withdrawn',
        at: now(),
        actor: input.actor,
        route: input.route,
        changes,
        ...(all ? { noAdvertising: true } : {}),
        ...(input.reason ? { reason: input.reason } : {}),
      },
      payload: { address: contact.address, ip: input.ip, userAgent: input.userAgent },
      ...(input.also ? { also: await input.also() } : {}),
    });
    return recorded && { kind: 'withdrawn', ...recorded };
  });
}
