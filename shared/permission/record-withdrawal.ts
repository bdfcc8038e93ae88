import { findContact } from '../contacts/find-contact.ts';
import type { Instant } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import type { Settings } from '../settings/store.ts';
import type { StaffAct } from './block.ts';
import type { Actor, Route } from './evidence.ts';
import { namedBrand, namedUses } from './named-places.ts';
import type { RecordDeps } from './record.ts';
import type { Scope } from './scope.ts';
import { withdraw } from './withdraw.ts';

/** Ways by which a no reaches one of us (DOMAIN 2). */
export const TOLD_ROUTES = ['phone', 'reply', 'letter', 'crm'] as const satisfies readonly Route[];

export type ToldWithdrawal = {
  controller: string;
  contactId: string;
  /** Needed unless all advertising ends; alone it is every use of the brand. */
  brand?: string | undefined;
  uses?: readonly string[] | 'all' | undefined;
  route: (typeof TOLD_ROUTES)[number];
  receivedAt: Instant;
  reason?: string | undefined;
  actor: Actor;
  at: Instant;
};

/**
 * Writes down a withdrawal that reached us otherwise, with the force of the person's own click. Repeated it changes
 * nothing.
 * @throws AppError `invalid` where it cannot have reached us then
 */
export async function recordWithdrawal(
  deps: RecordDeps & { settings: Pick<Settings, 'brand' | 'uses'> },
  input: ToldWithdrawal,
): Promise<StaffAct> {
  const { controller, contactId, receivedAt, reason, route, actor } = input;
  const contact = await findContact(deps.db, controller, contactId);
  if (receivedAt > input.at) throw refused('/receivedAt', 'lies in the future', 'future');
  if (receivedAt < contact.createdAt)
    throw refused('/receivedAt', 'is before we knew the person', 'too-early');
  const outcome = await withdraw(deps, {
    ...(await scopeOf(deps.settings, input)),
    contactId,
    route,
    actor,
    receivedAt,
    ...(reason === undefined ? {} : { notes: { reason } }),
  });
  switch (outcome.kind) {
    case 'withdrawn':
      return { ...outcome, kind: 'recorded' };
    case 'already':
      return { kind: 'unchanged', contact: outcome.contact };
    case 'unknown':
      throw new AppError('not-found', 'There is no such contact.');
  }
}

async function scopeOf(
  settings: Pick<Settings, 'brand' | 'uses'>,
  { controller, brand: brandId, uses }: ToldWithdrawal,
) {
  const all = { kind: 'all' } as const satisfies Scope;
  if (brandId === undefined) {
    if (uses === 'all') return { controller, scope: all };
    throw refused('/brand', 'is needed unless all advertising ends', 'missing');
  }
  const brand = await namedBrand(settings, controller, brandId);
  if (uses === 'all') return { brand, scope: all };
  if (uses === undefined) return { brand, scope: { kind: 'brand' } as const };
  return { brand, scope: { kind: 'uses', uses: await namedUses(settings, controller, uses) } as const };
}

function refused(pointer: string, detail: string, code: string): AppError {
  return new AppError('invalid', `The member ${pointer.slice(1)} ${detail}.`, {
    errors: [{ pointer, detail, code }],
  });
}
