import type { Contact } from '../contacts/contact.ts';
import { readContact } from '../contacts/store.ts';
import { now } from '../platform/clock.ts';
import type { Instant } from '../platform/clock.ts';
import type { Change, EvidenceEntry } from '../permission/evidence.ts';
import { record, untilRecorded } from '../permission/record.ts';
import type { RecordDeps } from '../permission/record.ts';
import { wishesOf } from '../permission/wishes.ts';
import type { Brand } from '../settings/brand.ts';
import type { Uses } from '../settings/uses.ts';
import type { Acts } from './acts.ts';
import { planChanges } from './change-plan.ts';
import type { Conflict } from './change-plan.ts';
import type { Session } from './session.ts';

export type SaveChoicesInput = {
  contactId: string;
  brand: Brand;
  uses: Uses;
  acts: Acts;
  /** When the page was shown on which the acts were done. */
  shownAt: Instant;
  /** A fresh log-in, where the person has one: it proves the mailbox, a mail's link alone does not. */
  session: Session | undefined;
  ip: string;
  userAgent: string;
};
export type SavedChoices = {
  contact: Contact;
  /** Absent where nothing changed but what is yet to be joined. */
  entry: EvidenceEntry | undefined;
  /** Uses that the person wants to join; see `joinUses`. */
  join: string[];
  overtaken: string[];
  conflicts: Conflict[];
};

/**
 * Writes what a person left, chose and wished, as one entry. Topics in a granted use and wishes change freely; a new
 * use is only handed back, because it needs proof of the mailbox.
 * @returns undefined where we hold nobody by this id (any more)
 */
export async function saveChoices(
  deps: RecordDeps,
  input: SaveChoicesInput,
): Promise<SavedChoices | undefined> {
  const outcome = await untilRecorded(async () => {
    const contact = await readContact(deps.db, input.contactId);
    if (contact?.controller !== input.brand.controller.id) return { saved: undefined };
    const { changes, choices, ...rest } = planChanges(input.acts, contact, input);
    if (changes.length === 0 && Object.keys(choices).length === 0) {
      return { saved: { contact, entry: undefined, ...rest } };
    }
    const recorded = await record(deps, {
      contact,
      draft: {
        type: changes.some(isWithdrawal) ? 'withdrawn' : 'choices',
        at: now(),
        actor: { kind: 'person' },
        route: input.session ? 'log-in' : 'preferences',
        brand: input.brand.id,
        changes,
        ...(Object.keys(choices).length > 0 ? { choices } : {}),
      },
      payload: { address: contact.address, ip: input.ip, userAgent: input.userAgent },
      profile: wishesOf(choices),
    });
    return recorded && { saved: { ...recorded, ...rest } };
  });
  return outcome.saved;
}

function isWithdrawal({ to, beneath }: Change): boolean {
  return to === 'withdrawn' || beneath !== undefined;
}
