import type { Instant } from '../platform/clock.ts';
import { FIELD_SOURCES, PROFILE_FIELDS } from './contact.ts';
import type { Assessed, Assessment, Contact, FieldSource, ProfileField } from './contact.ts';

/** Values as somebody tells them: text says, null takes away, what is left out stays. */
export type ToldFields = Partial<Record<ProfileField, string | null | undefined>>;
type ToldAssessed = { [A in Assessment]?: NonNullable<Assessed[A]>['value'] | null | undefined };
/** What was told in vain, because somebody who counts more had said otherwise. */
export type Kept = { field: ProfileField | Assessment | 'language'; source: FieldSource };
type Origin = { source: FieldSource; at: Instant };
type Held<V extends string> = Origin & { value: V };

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
    const after = afterTold(known[field], told[field], { source, at });
    kept.push(...inVain(field, after, told[field]));
    if (after === undefined) delete fields[field];
    else fields[field] = after;
  }
  const changed = PROFILE_FIELDS.some((field) => fields[field] !== known[field]);
  return { fields: changed ? fields : known, kept };
}

/**
 * As `mergeFields`, for how we see somebody.
 * @returns the very `known` where nothing changed, undefined where nothing is left
 */
export function mergeAssessed(
  known: Contact['assessed'],
  told: ToldAssessed,
  source: FieldSource,
  at: Instant,
): { assessed: Contact['assessed']; kept: Kept[] } {
  const by = { source, at };
  const position = afterTold(known?.position, told.position, by);
  const decisionAuthority = afterTold(known?.decisionAuthority, told.decisionAuthority, by);
  const buyingRole = afterTold(known?.buyingRole, told.buyingRole, by);
  const kept = [
    ...inVain('position', position, told.position),
    ...inVain('decisionAuthority', decisionAuthority, told.decisionAuthority),
    ...inVain('buyingRole', buyingRole, told.buyingRole),
  ];
  const changed =
    position !== known?.position ||
    decisionAuthority !== known?.decisionAuthority ||
    buyingRole !== known?.buyingRole;
  if (!changed) return { assessed: known, kept };
  const left = position ?? decisionAuthority ?? buyingRole;
  return { assessed: left && { position, decisionAuthority, buyingRole }, kept };
}

/** What holds after something was told: the very `held` where that changes nothing. */
function afterTold<V extends string>(
  held: Held<V> | undefined,
  told: V | null | undefined,
  by: Origin,
): Held<V> | undefined {
  if (told === undefined || (held?.value === told && held.source === by.source)) return held;
  if (held && !mayReplace(held.source, by.source)) return held;
  return told === null ? undefined : { value: told, ...by };
}

function inVain(
  field: Kept['field'],
  after: Held<string> | undefined,
  told: string | null | undefined,
): Kept[] {
  if (told === undefined || after === undefined || after.value === told) return [];
  return [{ field, source: after.source }];
}
