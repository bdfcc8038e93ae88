import { clearEngagement } from '../engagement/clear.ts';
import { now } from '../platform/clock.ts';
import type { Instant } from '../platform/clock.ts';
import { keys } from '../platform/keys.ts';
import { write } from '../platform/table.ts';
import type { Database } from '../platform/table.ts';
import { mailIdOf } from '../outbox/publish-entry.ts';
import { readEntries } from '../permission/store.ts';
import { newAddressMailId } from '../preferences/new-address.ts';
import { requestsOf } from '../preferences/person-request.ts';
import { endAllSessions } from '../preferences/session-store.ts';
import { brandsOf } from '../settings/own-settings.ts';
import type { Progress } from '../signup/pending.ts';
import { advance, readPending } from '../signup/store.ts';
import type { ErasedContact } from './erasure.ts';
import { bury, pointersOf, removeItem, settleErased } from './store.ts';

/**
 * Clears away what an erased contact left in all tables. Every step may be done again, in part or by two of us at
 * once; the stub stays due until the last has gone through.
 */
export async function clearErased(db: Database, erased: ErasedContact): Promise<ErasedContact> {
  const { contactId, controller, addressKeys, erasedAt } = erased;
  for (const key of pointersOf(erased)) await write(db, bury(key, contactId, erasedAt));
  await removeItem(db, 'contacts', keys.review(controller, contactId));
  for (const brand of await brandsOf(db, controller)) {
    for (const addressKey of addressKeys) await forgetSignups(db, brand, addressKey, erasedAt);
  }
  for (const entry of await readEntries(db, contactId)) {
    const mailId = mailIdOf(entry);
    if (mailId !== undefined) await removeItem(db, 'outbox', keys.mail(mailId));
  }
  await removeItem(db, 'outbox', keys.mail(newAddressMailId(contactId)));
  await endAllSessions(db, contactId);
  for (const { id } of await requestsOf(db, controller, contactId)) {
    await removeItem(db, 'contacts', keys.request(controller, contactId, id));
  }
  await clearEngagement(db, contactId);
  const clearedAt = now();
  await settleErased(db, contactId, clearedAt);
  return { ...erased, clearedAt };
}

/** Ends sign-ups of before the erasure; one of after it is the person's own new act. */
async function forgetSignups(
  db: Database,
  brandId: string,
  addressKey: string,
  erasedAt: Instant,
): Promise<void> {
  for (;;) {
    const pending = await readPending(db, brandId, addressKey);
    const next = [...(pending?.requests ?? [])].find(([, { at }]) => at <= erasedAt);
    if (!pending || !next) return;
    const [requestId] = next;
    const from = pending.progress.get(requestId);
    const closed: Progress = from?.state === 'closed' ? from : { state: 'closed', as: 'expired', at: now() };
    await write(
      db,
      advance(pending, requestId, from, closed, { forget: true, free: from?.state !== 'closed' }),
    );
  }
}
