import { readAccount } from '../contacts/account-store.ts';
import { splitPermissionKey } from '../contacts/contact.ts';
import type { Contact } from '../contacts/contact.ts';
import { readContact } from '../contacts/store.ts';
import type { Instant } from '../platform/clock.ts';
import { log, metric } from '../platform/log.ts';
import { contactDues, nextContactDue } from '../permission/contact-due.ts';
import type { Due } from '../permission/contact-due.ts';
import { lapseDue } from '../permission/lapse-due.ts';
import { requestsOf } from '../preferences/person-request.ts';
import type { Settings } from '../settings/store.ts';
import { eraseContact } from './erase.ts';
import type { EraseDeps } from './erase.ts';
import { settleLook } from './store.ts';

export type LookDeps = EraseDeps & { settings: Pick<Settings, 'brand' | 'uses' | 'policy'> };

/** Does for one contact what follows from time alone until `at`, and plans the next look. Safe to repeat. */
export async function lookAt(deps: LookDeps, contactId: string, at: Instant): Promise<void> {
  const known = await readContact(deps.db, contactId);
  if (!known) return;
  const policy = await deps.settings.policy(known.controller);
  const lapsed = await lapseDue(deps, contactId, at);
  const contact = lapsed.kind === 'lapsed' ? lapsed.contact : known;
  const isIdle = (present: Contact) =>
    contactDues(present, policy).some((due) => due.kind === 'idle' && due.at <= at);
  if (isIdle(contact) && !(await isStaying(deps, contact))) {
    const { controller } = contact;
    const actor = { kind: 'system', name: 'clock' } as const;
    await eraseContact(deps, { contactId, controller, requestedBy: 'retention', actor, at, onlyIf: isIdle });
    return;
  }
  const since = known.lookedAt ?? '';
  const dues = contactDues(contact, policy).filter((due) => due.at > since && due.at <= at);
  const settled = await settleLook(deps.db, contact, { at, dueAt: nextContactDue(contact, policy, at) });
  // Somebody wrote meanwhile: the next look, in five minutes, sees it all.
  if (settled) for (const due of dues) tell(contact, due);
}

/** What somebody must hear of, once. */
function tell({ id }: Contact, { kind, place = '' }: Due): void {
  if (kind === 'warning') {
    log('warn', 'consent-lapses-soon', { contactId: id, ...splitPermissionKey(place) });
    metric('consent-lapses-soon', 1);
  }
  if (kind === 'inform') {
    log('warn', 'contact-not-informed', { contactId: id });
    metric('contact-not-informed', 1);
  }
}

/** Somebody of a customer or partner stays, however quiet (DOMAIN 8), and so does who waits for our answer (D1). */
async function isStaying({ db }: LookDeps, { id, controller, accountId }: Contact): Promise<boolean> {
  const account = accountId === undefined ? undefined : await readAccount(db, accountId);
  if (account?.class === 'customer' || account?.class === 'partner') return true;
  return (await requestsOf(db, controller, id)).some(({ answered }) => !answered);
}
