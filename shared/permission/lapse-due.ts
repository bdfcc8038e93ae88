import { splitPermissionKey } from '../contacts/contact.ts';
import type { Contact } from '../contacts/contact.ts';
import { readContact } from '../contacts/store.ts';
import type { Instant } from '../platform/clock.ts';
import type { Settings } from '../settings/store.ts';
import type { Change } from './evidence.ts';
import { grantsOf } from './idle-since.ts';
import type { Granted } from './idle-since.ts';
import { lapsesAt } from './lapse.ts';
import { RESTING, modelFor } from './models.ts';
import { record, untilRecorded } from './record.ts';
import type { RecordDeps, Recorded } from './record.ts';

export type LapseDeps = RecordDeps & { settings: Pick<Settings, 'brand' | 'policy'> };
/** `nothing`: no grant is due, or there is no such contact (any more). */
export type Lapsed = ({ kind: 'lapsed' } & Recorded) | { kind: 'nothing' };

/** Ends all grants of a contact that nobody used for too long at `at` (G8), by one entry; repeated it changes nothing. */
export async function lapseDue(deps: LapseDeps, contactId: string, at: Instant): Promise<Lapsed> {
  return untilRecorded(async (): Promise<Lapsed | undefined> => {
    const contact = await readContact(deps.db, contactId);
    if (!contact) return { kind: 'nothing' };
    const policy = await deps.settings.policy(contact.controller);
    const due = grantsOf(contact).filter(
      ({ place, granted }) => lapsesAt(granted, contact.lastUses?.[place], policy) <= at,
    );
    if (due.length === 0) return { kind: 'nothing' };
    const recorded = await record(deps, {
      contact,
      draft: {
        type: 'lapsed',
        at,
        actor: { kind: 'system', name: 'clock' },
        route: 'clock',
        changes: await Promise.all(due.map((each) => toChange(deps, contact, each))),
        reason: 'unused',
      },
      payload: {},
    });
    return recorded && { kind: 'lapsed', ...recorded };
  });
}

async function toChange(
  { settings }: LapseDeps,
  { country }: Contact,
  { place, granted }: Granted,
): Promise<Change> {
  const at = splitPermissionKey(place);
  const brand = await settings.brand(at.brand);
  const { topics, wording, form, proof } = granted;
  const to = brand ? RESTING[modelFor(brand, country)] : 'unclear';
  return { ...at, from: 'granted', to, lapsed: true, topics, wording, form, proof };
}
