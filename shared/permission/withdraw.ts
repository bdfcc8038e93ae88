import { readContact } from '../contacts/store.ts';
import type { Contact } from '../contacts/contact.ts';
import { now } from '../platform/clock.ts';
import type { Instant } from '../platform/clock.ts';
import type { Action } from '../platform/table.ts';
import type { Brand } from '../settings/brand.ts';
import type { Settings } from '../settings/store.ts';
import type { Actor, Change, Route } from './evidence.ts';
import { record, untilRecorded } from './record.ts';
import type { RecordDeps, Recorded } from './record.ts';
import { objectionChanges, withdrawalChanges } from './scope.ts';
import type { Scope } from './scope.ts';

export type WithdrawDeps = RecordDeps & { settings: Pick<Settings, 'uses'> };
/** "No advertising at all" can be said to a controller without naming a brand. */
type About = { brand: Brand; scope: Scope } | { controller: string; scope: Extract<Scope, { kind: 'all' }> };
export type WithdrawInput = About & {
  contactId: string;
  route: Route;
  actor: Actor;
  reason?: string | undefined;
  /** When it reached us, where one of us writes it down later. */
  receivedAt?: Instant;
  /** What one of us wrote beside it; sealed, because it may speak of the person. */
  notes?: Record<string, string>;
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
    const controller = 'brand' in input ? input.brand.controller.id : input.controller;
    if (contact?.controller !== controller) return { kind: 'unknown' };
    const changes = await changesOf(deps, input, contact);
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
        ...(input.receivedAt ? { receivedAt: input.receivedAt } : {}),
      },
      payload: {
        address: contact.address,
        ip: input.ip,
        userAgent: input.userAgent,
        notes: input.notes,
      },
      ...(input.also ? { also: await input.also() } : {}),
    });
    return recorded && { kind: 'withdrawn', ...recorded };
  });
}

async function changesOf(deps: WithdrawDeps, input: WithdrawInput, contact: Contact): Promise<Change[]> {
  if (!('brand' in input)) return objectionChanges(contact, input.receivedAt);
  const act = input.route === 'complaint' ? 'complains' : 'withdraws';
  const uses = await deps.settings.uses(contact.controller);
  return withdrawalChanges(input.scope, act, contact, input.brand, uses, input.receivedAt);
}
