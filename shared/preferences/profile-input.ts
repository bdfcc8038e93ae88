import { PROFILE_FIELDS } from '../contacts/contact.ts';
import type { ProfileField } from '../contacts/contact.ts';
import { phoneNumber } from '../contacts/told.ts';
import type { ToldFields } from '../contacts/told-fields.ts';
import { textFault, tidyText } from '../signup/free-text.ts';
import type { TextFault } from '../signup/free-text.ts';

export type ProfileFault = TextFault | 'country-unknown' | 'phone-invalid' | 'changed-meanwhile';
export type ProfileError = { field: ProfileField; code: ProfileFault };
export type ProfileValues = Partial<Record<ProfileField, string>>;
/** `shown` is what the page showed, `typed` what came back; the difference is what the person says. */
export type PostedProfile = { shown: ProfileValues; typed: ProfileValues };

/** What the person says of the fields they changed, or what is wrong with it, field by field. Pure. */
export function parseProfile(
  { shown, typed }: PostedProfile,
  countries: ReadonlySet<string>,
): { told: ToldFields; errors: ProfileError[] } {
  const told: ToldFields = {};
  const errors: ProfileError[] = [];
  for (const field of PROFILE_FIELDS) {
    if (typed[field] === undefined) continue;
    const value = tidyText(typed[field]);
    if (value === (shown[field] ?? '')) continue;
    const code = value === '' ? undefined : faultOf(field, value, countries);
    if (code) errors.push({ field, code });
    else told[field] = value === '' ? null : clean(field, value);
  }
  return { told, errors };
}

function faultOf(
  field: ProfileField,
  value: string,
  countries: ReadonlySet<string>,
): ProfileFault | undefined {
  if (field === 'country') return countries.has(value) ? undefined : 'country-unknown';
  if (field === 'phone') return phoneNumber.safeParse(value).success ? undefined : 'phone-invalid';
  const ofPerson = field === 'firstName' || field === 'lastName';
  return textFault(value, ofPerson ? 'person' : 'company');
}

function clean(field: ProfileField, value: string): string {
  return field === 'phone' ? (phoneNumber.safeParse(value).data ?? value) : value;
}

/** Fields that somebody changed since the page was shown, to something else than the person says now. Pure. */
export function changedMeanwhile(
  { shown }: PostedProfile,
  told: ToldFields,
  present: ProfileValues,
): ProfileError[] {
  return PROFILE_FIELDS.flatMap((field): ProfileError[] => {
    const [was, is, says] = [shown[field] ?? '', present[field] ?? '', told[field]];
    if (says === undefined || is === was || is === (says ?? '')) return [];
    return [{ field, code: 'changed-meanwhile' }];
  });
}
