import * as z from 'zod';

import type { Contact } from '../contacts/contact.ts';
import { plusMonths } from '../platform/clock.ts';
import type { Instant } from '../platform/clock.ts';
import { FLOOR_RULES, floorRule } from '../settings/brand.ts';
import type { FloorOverride } from '../settings/brand.ts';
import type { Channel, Use } from '../settings/uses.ts';
import { FLOOR_DATA } from './floor-data.ts';
import { duty, terms } from './floor-row.ts';
import type { Subject } from './floor-row.ts';
import { isRoleAddress } from './role-address.ts';

/** What the law asks for before one contact is reached by one channel, resolved. */
export const floor = terms.extend({
  country: z.string(),
  duties: z.array(duty),
  /** The row was not reviewed for twelve months (C1). */
  reviewDue: z.boolean(),
  /** An operator's decision to go below the law's default; reported with every decision that it carries. */
  override: z.object({ name: z.string(), reason: z.string(), from: floorRule }).optional(),
});
export type Floor = z.infer<typeof floor>;

const ROWS = new Map(FLOOR_DATA.flatMap((row) => row.countries.map((country) => [country, row] as const)));
const REVIEW_MONTHS = 12;

/** The floor for one contact; a country without a row is as unknown as none, and that is the strictest (C1). */
export function floorFor(
  contact: Pick<Contact, 'country' | 'accountId' | 'subscriber' | 'address'>,
  channel: Use['channel'],
  at: Instant,
  overrides: readonly FloorOverride[] = [],
): Floor {
  const country = contact.country ?? 'unknown';
  // Reading what a device or a person does needs its own consent everywhere (G12), not by country.
  if (channel === 'data') return { country, rule: 'OPT_IN', double: true, duties: [], reviewDue: false };
  const row = ROWS.get(country) ?? ROWS.get('unknown');
  const found = row?.[channel].find(({ when }) => when === undefined || isSubject(contact, when));
  if (!row || !found) throw new Error(`the floor has no ${channel} for ${country}`);
  const { when: _, duties = [], ...rest } = found;
  const reviewDue = plusMonths(`${row.reviewedAt}T00:00:00.000Z`, REVIEW_MONTHS) < at;
  return overridden({ country, ...rest, duties, reviewDue }, channel, at, overrides);
}

/** Countries whose rows were not reviewed for twelve months (C1). */
export function staleCountries(at: Instant): string[] {
  return [...ROWS.values()]
    .filter(({ reviewedAt }) => plusMonths(`${reviewedAt}T00:00:00.000Z`, REVIEW_MONTHS) < at)
    .flatMap(({ countries }) => countries)
    .filter((country, position, all) => all.indexOf(country) === position);
}

function overridden(found: Floor, channel: Channel, at: Instant, overrides: readonly FloorOverride[]): Floor {
  const chosen = overrides
    .filter((each) => each.country === found.country && each.channel === channel && each.since <= at)
    .reduce<FloorOverride | undefined>(
      (last, each) => (last && last.since > each.since ? last : each),
      undefined,
    );
  if (!chosen || chosen.rule === found.rule) return found;
  const { country, duties, reviewDue, rule: from } = found;
  const { rule, name, reason } = chosen;
  // Tightening takes the exceptions away and needs no defence; loosening is told for ever.
  return FLOOR_RULES.indexOf(rule) < FLOOR_RULES.indexOf(from)
    ? { country, duties, reviewDue, rule }
    : { ...found, rule, override: { name, reason, from } };
}

function isSubject(contact: Pick<Contact, 'accountId' | 'subscriber' | 'address'>, when: Subject): boolean {
  const role = contact.address !== undefined && isRoleAddress(contact.address);
  switch (when) {
    case 'consumer':
      return contact.accountId === undefined;
    case 'individual':
      return contact.subscriber !== 'corporate';
    case 'impersonal':
      return role && contact.accountId !== undefined;
    case 'personal-address':
      return !role;
  }
}
