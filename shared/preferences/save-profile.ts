import { PROFILE_FIELDS } from '../contacts/contact.ts';
import type { Contact, ProfileField } from '../contacts/contact.ts';
import { isProfileChanged, readContact, updateProfile } from '../contacts/store.ts';
import { applyTold } from '../contacts/told.ts';
import type { Instant } from '../platform/clock.ts';
import { write } from '../platform/table.ts';
import type { Database } from '../platform/table.ts';
import { untilRecorded } from '../permission/record.ts';
import { changedMeanwhile, parseProfile } from './profile-input.ts';
import type { PostedProfile, ProfileError, ProfileValues } from './profile-input.ts';

export type SaveProfileInput = {
  contactId: string;
  posted: PostedProfile;
  countries: ReadonlySet<string>;
  /** Questions not to be asked again. */
  skip: readonly ProfileField[];
  at: Instant;
};
export type SavedProfile =
  /** `changed` names the fields that now are as the person says. */
  | { kind: 'saved'; contact: Contact; changed: ProfileField[] }
  /** Nothing was written. */
  | { kind: 'refused'; contact: Contact; errors: ProfileError[] }
  /** Erased meanwhile. */
  | { kind: 'unknown' };

/**
 * Writes what the person changed on the page into the profile as it is now, field by field: what others changed
 * meanwhile stays, and a field that both changed is shown again.
 */
export async function saveProfile(db: Database, input: SaveProfileInput): Promise<SavedProfile> {
  const { contactId, posted, countries, skip, at } = input;
  const { told, errors } = parseProfile(posted, countries);
  return untilRecorded(async (): Promise<SavedProfile | undefined> => {
    const before = await readContact(db, contactId);
    if (!before) return { kind: 'unknown' };
    const faults = [...errors, ...changedMeanwhile(posted, told, valuesOf(before))];
    if (faults.length > 0) return { kind: 'refused', contact: before, errors: faults };
    const { country, ...fields } = told;
    const { contact: after } = applyTold(before, { fields, country }, 'person', at);
    const skipped = [...new Set([...(before.skipped ?? []), ...skip])];
    const wanted = skipped.length > (before.skipped?.length ?? 0) ? { ...after, skipped } : after;
    const changed = PROFILE_FIELDS.filter((field) => before.fields[field] !== wanted.fields[field]);
    if (!isProfileChanged(before, wanted)) return { kind: 'saved', contact: before, changed };
    const written = await write(db, updateProfile(before, wanted, at));
    const contact = { ...wanted, rev: (before.rev ?? 0) + 1, updatedAt: at };
    return written ? { kind: 'saved', contact, changed } : undefined;
  });
}

/** The fields as the page shows them. */
export function valuesOf({ fields, country }: Pick<Contact, 'fields' | 'country'>): ProfileValues {
  const values: ProfileValues = {};
  for (const field of PROFILE_FIELDS) {
    const value = fields[field]?.value;
    if (value !== undefined) values[field] = value;
  }
  return country === undefined ? values : { country, ...values };
}
