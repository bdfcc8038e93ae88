import * as z from 'zod';

import { account } from '../../shared/contacts/account.ts';
import type { Account } from '../../shared/contacts/account.ts';
import { contact, profileValue, proof, splitPermissionKey } from '../../shared/contacts/contact.ts';
import type { Contact } from '../../shared/contacts/contact.ts';
import { legalBasis } from '../../shared/contacts/legal-basis.ts';
import { RESTING, modelFor } from '../../shared/permission/models.ts';
import { PROVENANCES, provenanceOf } from '../../shared/permission/provenance.ts';
import { STATUSES, permissionOf } from '../../shared/permission/status.ts';
import { keys } from '../../shared/platform/keys.ts';
import { getMany } from '../../shared/platform/read-many.ts';
import { accountClass } from '../../shared/settings/account-class.ts';
import type { Brand } from '../../shared/settings/brand.ts';
import type { Uses } from '../../shared/settings/uses.ts';
import type { ApiDeps } from './deps.ts';

const instant = z.iso.datetime({ precision: 3 });
const place = { brand: z.string(), use: z.string() };
const shown = contact.pick({
  id: true,
  country: true,
  assessed: true,
  language: true,
  subscriber: true,
  source: true,
  informedAt: true,
  createdAt: true,
  updatedAt: true,
  holdUntil: true,
  wish: true,
  pausedUntil: true,
});

/** One use of one brand, as the person and we left it. */
const permissionView = z.object({
  ...place,
  status: z.enum(STATUSES),
  since: instant.optional(),
  topics: z.array(z.string()).optional(),
  proof: proof.optional(),
  /** How well the consent is known to be the person's; never better than its evidence. */
  provenance: z.enum(PROVENANCES),
  /** What comes back when the block ends. */
  underneath: z.enum(['granted', 'withdrawn']).optional(),
  /** The consent before it was not used for too long (G8). */
  lapsedAt: instant.optional(),
});
type PermissionView = z.infer<typeof permissionView>;

/** A contact as the API shows it: nothing of its seal, its chain or the pseudonym of its address. */
export const contactView = shown.extend({
  email: z.string().optional(),
  externalIds: z.record(z.string(), z.string()),
  account: z.object({ id: z.string(), name: z.string(), class: accountClass }).optional(),
  /** Who said so, and when. */
  fields: z.record(z.string(), profileValue),
  permissions: z.array(permissionView),
  bases: z.array(z.object({ ...place, basis: legalBasis })),
  reviews: z.array(z.object({ ...place, since: instant, why: z.enum(['blocked', 'competitor']) })),
  /** "No advertising at all", since then. */
  noAdvertising: instant.optional(),
  /** The person restricted the use of their data, since then; only what they agreed to anew since may be used. */
  restricted: instant.optional(),
});
export type ContactView = z.infer<typeof contactView>;

/** Contacts as the API shows them: every use of the brands that know them, and of `brand` where it is asked for. */
export async function viewContacts(
  { db, settings }: Pick<ApiDeps, 'db' | 'settings'>,
  controller: string,
  contacts: readonly Contact[],
  brand?: string,
): Promise<ContactView[]> {
  const uses = await settings.uses(controller);
  const wanted = new Set([...contacts.flatMap(brandsOf), ...(brand === undefined ? [] : [brand])]);
  const read = await Promise.all([...wanted].map((id) => settings.brand(id)));
  const brands = read.filter((one) => one?.controller.id === controller).filter((one) => one !== undefined);
  const ids = contacts.flatMap(({ accountId }) => (accountId === undefined ? [] : [keys.account(accountId)]));
  const accounts = (await getMany(db, 'contacts', ids, account)).filter((one) => one !== undefined);
  return contacts.map((one) => {
    const known = brands.filter(({ id }) => id === brand || brandsOf(one).includes(id));
    return viewContact(one, {
      uses,
      brands: known,
      account: accounts.find(({ id }) => id === one.accountId),
    });
  });
}

/** One contact as the API shows it. */
export function viewContact(
  contact: Contact,
  { uses, brands, account }: { uses: Uses; brands: readonly Brand[]; account: Account | undefined },
): ContactView {
  return {
    ...shown.parse(contact),
    ...(contact.address === undefined ? {} : { email: contact.address }),
    externalIds: contact.externalIds ?? {},
    ...(account ? { account: { id: account.id, name: account.name, class: account.class } } : {}),
    fields: Object.fromEntries(Object.entries(contact.fields)),
    permissions: brands.flatMap((brand) => viewPermissions(contact, brand, uses)),
    bases: Object.entries(contact.bases ?? {}).map(([key, basis]) => ({ ...splitPermissionKey(key), basis })),
    reviews: Object.entries(contact.reviews ?? {}).map(([key, { since, why }]) => ({
      ...splitPermissionKey(key),
      since,
      why,
    })),
    ...(contact.noAdvertising ? { noAdvertising: contact.noAdvertising.since } : {}),
    ...(contact.restricted ? { restricted: contact.restricted.since } : {}),
  };
}

function viewPermissions(contact: Contact, brand: Brand, { uses }: Uses): PermissionView[] {
  const stored = Object.keys(contact.permissions).map(splitPermissionKey);
  const ofBrand = stored.filter((at) => at.brand === brand.id).map(({ use }) => use);
  const all = new Set([...uses.map(({ id }) => id), ...ofBrand.toSorted()]);
  return [...all].map((use) => {
    const permission = permissionOf(contact, brand.id, use);
    const lapsedAt = contact.lapses?.[`${brand.id}#${use}`]?.since;
    const status = permission?.status ?? RESTING[modelFor(brand, contact.country)];
    return {
      brand: brand.id,
      use,
      status,
      provenance: provenanceOf(permission, contact.bases?.[`${brand.id}#${use}`]),
      ...(permission ? { since: permission.since } : {}),
      ...(permission?.status === 'granted' ? { topics: permission.topics, proof: permission.proof } : {}),
      ...(permission?.status === 'blocked' && permission.underneath
        ? { underneath: permission.underneath.status }
        : {}),
      ...(lapsedAt === undefined ? {} : { lapsedAt }),
    };
  });
}

/** Brands that anything is recorded for. */
function brandsOf({ permissions, bases, reviews, lapses }: Contact): string[] {
  const places = [permissions, bases, reviews, lapses].flatMap((record) => Object.keys(record ?? {}));
  return [...new Set(places.map((key) => splitPermissionKey(key).brand))];
}
