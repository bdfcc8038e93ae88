import * as z from 'zod';

import type { Instant } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import { transact } from '../platform/table.ts';
import type { Action } from '../platform/table.ts';
import { settingId } from '../settings/brand.ts';
import { findAccount } from './save-account.ts';
import type { Contact, FieldSource } from './contact.ts';
import { externalKey } from './external-key.ts';
import { findContact } from './find-contact.ts';
import type { FindDeps } from './find-contact.ts';
import { claimExternalId, isProfileChanged, releaseExternalId, updateProfile } from './store.ts';
import { applyTold, externalId, toldShape } from './told.ts';
import type { Told } from './told.ts';
import type { Kept } from './told-fields.ts';

/** What can be changed of a contact besides its permissions; the e-mail address is not among it (D3). */
export const contactChange = z.strictObject({
  ...toldShape,
  wish: z.enum(['weekly', 'monthly']).nullable().optional(),
  pausedUntil: z.iso.datetime({ precision: 3 }).nullable().optional(),
  /** By system; null takes an id away. */
  externalIds: z.record(settingId, externalId.shape.id.nullable()).optional(),
});
export type ContactChange = z.infer<typeof contactChange>;
export type ChangeContactInput = {
  controller: string;
  id: string;
  /** As `versionOf` tells it. */
  version: string;
  change: ContactChange;
  source: FieldSource;
  at: Instant;
};

/** Changes with every write to profile or permissions. */
export function versionOf({ rev, head }: Pick<Contact, 'rev' | 'head'>): string {
  return `${rev ?? 0}-${head.seq}`;
}

/**
 * Changes the profile of a contact that is still at `version`; permissions stay as they are (C1).
 * @throws AppError `stale` where somebody wrote since, `conflict` where an external id is somebody else's or a wish
 * would loosen what the person asked for
 */
export async function changeContact(
  deps: FindDeps,
  { controller, id, version, change, source, at }: ChangeContactInput,
): Promise<{ contact: Contact; kept: Kept[] }> {
  const before = await findContact(deps.db, controller, id);
  if (versionOf(before) !== version) throw stale();
  const { wish, pausedUntil, externalIds, ...told } = change;
  await checkAccount(deps, controller, told);
  const { contact, kept } = applyTold(before, told, source, at);
  const asked = stricter(stricterPause(contact, pausedUntil, at), wish);
  const after = externalIds
    ? { ...asked, externalIds: rename(before.externalIds ?? {}, externalIds) }
    : asked;
  if (!isProfileChanged(before, after)) return { contact: before, kept };
  const pointers = await pointIds(deps, before, after);
  const outcome = await transact(deps.db, [updateProfile(before, after, at), ...pointers]);
  if (!outcome.done && outcome.failed.includes(0)) throw stale();
  if (!outcome.done) {
    throw new AppError('conflict', 'An external id is another contact’s.', { reason: 'exists' });
  }
  return { contact: { ...after, rev: (before.rev ?? 0) + 1, updatedAt: at }, kept };
}

/** @throws AppError `invalid` where the account is none of this controller's */
export async function checkAccount({ db }: FindDeps, controller: string, { accountId }: Told): Promise<void> {
  if (typeof accountId !== 'string') return;
  await findAccount(db, controller, accountId).catch((error: unknown) => {
    if (!(error instanceof AppError)) throw error;
    throw new AppError('invalid', 'There is no such account.', {
      errors: [{ pointer: '/accountId', detail: 'no such account', code: 'unknown' }],
    });
  });
}

const WISHES = [undefined, 'weekly', 'monthly'] as const;

/** The strictest wins; only the person loosens what they asked for (DOMAIN 2, 5). */
function stricter(contact: Contact, wish: ContactChange['wish']): Contact {
  if (wish === undefined) return contact;
  if (WISHES.indexOf(wish ?? undefined) < WISHES.indexOf(contact.wish)) throw looser('/wish');
  return wish === null ? contact : { ...contact, wish };
}

function stricterPause(contact: Contact, until: ContactChange['pausedUntil'], at: Instant): Contact {
  if (until === undefined) return contact;
  const { pausedUntil: running } = contact;
  if (running !== undefined && running > at && (until === null || until < running))
    throw looser('/pausedUntil');
  if (until !== null) return { ...contact, pausedUntil: until };
  const { pausedUntil: _, ...rest } = contact;
  return rest;
}

function looser(pointer: string): AppError {
  const detail = 'Only the person loosens what they asked for.';
  return new AppError('conflict', detail, {
    reason: 'looser',
    errors: [{ pointer, detail, code: 'looser' }],
  });
}

function rename(known: Record<string, string>, told: Record<string, string | null>): Record<string, string> {
  const merged = Object.entries({ ...known, ...told });
  return Object.fromEntries(merged.filter((entry): entry is [string, string] => entry[1] !== null));
}

/** The pointers that say what `after` says of external ids. */
async function pointIds({ secrets }: FindDeps, before: Contact, after: Contact): Promise<Action[]> {
  const { id: contactId, controller } = before;
  const pepper = await secrets.pepper();
  const [held, wanted] = [before.externalIds ?? {}, after.externalIds ?? {}];
  const systems = [...new Set([...Object.keys(held), ...Object.keys(wanted)])];
  return systems.flatMap((system): Action[] => {
    const [was, is] = [held[system], wanted[system]];
    if (was === is) return [];
    const keyOf = (id: string) => externalKey(pepper, controller, 'contact', { system, id });
    return [
      ...(was === undefined ? [] : [releaseExternalId(controller, system, keyOf(was), contactId)]),
      ...(is === undefined ? [] : [claimExternalId(controller, system, keyOf(is), { contactId })]),
    ];
  });
}

function stale(): AppError {
  return new AppError('stale', 'The contact has changed since. Read it again.');
}
