import type { Instant } from '../platform/clock.ts';
import { FIELD_SOURCES, PROFILE_FIELDS } from './contact.ts';
import type { Contact, FieldSource, ProfileField } from './contact.ts';

/** Values as somebody tells them: text says, null takes away, what is left out stays. */
export type ToldFields = Partial<Record<ProfileField, string | null | undefined>>;
/** What was told in vain, because somebody who counts more had said otherwise. */
export type Kept = { field: ProfileField | 'language'; source: FieldSource };

/** Whether `told` may replace what `known` said: only a source that counts at least as much (DOMAIN 8). */
export function mayReplace(known: FieldSource, told: FieldSource): boolean {
  return FIELD_SOURCES.indexOf(told) <= FIELD_SOURCES.indexOf(known);
}

/**
 * The fields after `source` told something about them. A value told again by the same or a lesser source changes
 * nothing, not even its age: an import each night would otherwise write every contact anew.
 * @returns the very `known` where nothing changed
 */
export function mergeFields(
  known: Contact['fields'],
  told: ToldFields,
  source: FieldSource,
  at: Instant,
): { fields: Contact['fields']; kept: Kept[] } {
  const fields = { ...known };
  const kept: Kept[] = [];
  for (const field of PROFILE_FIELDS) {
    const [value, held] = [told[field], known[field]];
    if (value === undefined || (held ? held.value === value && held.source === source : value === null)) {
      continue;
    }
    if (held && !mayReplace(held.source, source)) {
      if (held.value !== value) kept.push({ field, source: held.source });
    } else if (value === null) delete fields[field];
    else fields[field] = { value, source, at };
  }
  const changed = PROFILE_FIELDS.some((field) => fields[field] !== known[field]);
  return { fields: changed ? fields : known, kept };
}
