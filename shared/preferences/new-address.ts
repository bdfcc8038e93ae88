import * as z from 'zod';

import type { Contact } from '../contacts/contact.ts';
import { claimAddress, leaveAddress, readAddress, readContact, tellAddress } from '../contacts/store.ts';
import { HOUR, now } from '../platform/clock.ts';
import { keys } from '../platform/keys.ts';
import type { Secrets } from '../platform/secrets.ts';
import { get } from '../platform/table.ts';
import type { Database, Remove } from '../platform/table.ts';
import { readToken, signToken } from '../platform/token.ts';
import type { LinkKeys } from '../platform/token.ts';
import { mailState } from '../permission/mail-state.ts';
import { record, untilRecorded } from '../permission/record.ts';
import type { Brand } from '../settings/brand.ts';
import { language } from '../settings/language.ts';
import type { Settings } from '../settings/store.ts';
import { readPageNonce } from '../signup/links.ts';

/** The link in the mail to a new address works this long. */
export const NEW_ADDRESS_LIFETIME = 72 * HOUR;

/** An address that a person gave instead of the one we hold, until its mailbox confirms it (D3). */
export const newAddress = z.object({
  /** Which of several askings the link belongs to: the newest counts. */
  id: z.string(),
  address: z.string(),
  addressKey: z.string(),
  /** The address it is to replace: once that is another, the link is void. */
  fromKey: z.string(),
  until: z.iso.datetime({ precision: 3 }),
});

const asked = z.object({
  contactId: z.string(),
  language,
  change: newAddress,
  progress: mailState,
});
export type AskedChange = z.infer<typeof asked>;

export type NewAddressDeps = {
  db: Database;
  secrets: Pick<Secrets, 'linkKeys' | 'evidenceMaster'>;
  settings: Pick<Settings, 'brand'>;
};

/** One change at a time: asked for again, the earlier link is void; an erasure finds it by the contact. */
export function newAddressMailId(contactId: string): string {
  return `n-${contactId}`;
}

export function newAddressToken(
  links: LinkKeys,
  ref: { contactId: string; brand: string; changeId: string },
): string {
  return signToken(links, 'new-address', [ref.contactId, ref.brand, ref.changeId]);
}

export type OpenChange = { kind: 'open'; asked: AskedChange; contact: Contact; brand: Brand };
/** Used, expired, overtaken, or nobody is left whom it could concern. */
type Closed = { kind: 'closed'; brand: Brand | undefined };

/** What a link in a mail to a new address would change; changes nothing (T1). */
export async function viewNewAddress(
  deps: NewAddressDeps,
  token: string,
): Promise<OpenChange | Closed | undefined> {
  const links = await deps.secrets.linkKeys();
  const [contactId, brandId, changeId] = readToken(links, 'new-address', 3, token) ?? [];
  if (contactId === undefined || brandId === undefined || changeId === undefined) return undefined;
  const found = await get(deps.db, 'outbox', keys.mail(newAddressMailId(contactId)), asked);
  const brand = await deps.settings.brand(brandId);
  const contact = found && (await readContact(deps.db, found.contactId));
  const isOpen =
    found?.change.id === changeId &&
    now() < found.change.until &&
    contact?.addressKey === found.change.fromKey;
  return isOpen && found && contact && brand
    ? { kind: 'open', asked: found, contact, brand }
    : { kind: 'closed', brand };
}

export type ConfirmNewAddressInput = { token: string; pageNonce: string; ip: string; userAgent: string };
export type NewAddressOutcome =
  | { kind: 'changed'; contact: Contact; brand: Brand }
  /** The mailbox is somebody's already: perhaps the same person's, under another account. */
  | { kind: 'taken'; brand: Brand }
  | { kind: 'show-page' }
  | Closed
  | undefined;

/**
 * Puts the new address in the place of the old, by the click of its owner. Grants stay with the old address, a no
 * follows the person (DOMAIN 1); others still find the person by the old one.
 */
export async function confirmNewAddress(
  deps: NewAddressDeps,
  { token, pageNonce, ip, userAgent }: ConfirmNewAddressInput,
): Promise<NewAddressOutcome> {
  const shown = readPageNonce(await deps.secrets.linkKeys(), token, pageNonce, 24 * HOUR);
  if (!shown) return { kind: 'show-page' };
  return untilRecorded(async (): Promise<Exclude<NewAddressOutcome, undefined> | undefined> => {
    const view = await viewNewAddress(deps, token);
    if (view?.kind !== 'open') return view ?? { kind: 'closed', brand: undefined };
    const { asked: found, contact, brand } = view;
    const { address, addressKey, fromKey } = found.change;
    const pointer = await readAddress(deps.db, contact.controller, addressKey);
    if (pointer?.contactId !== undefined) return { kind: 'taken', brand };
    const at = now();
    // The click proves the mailbox, so an earlier bounce no longer stands.
    if (pointer?.suppression?.hard) {
      await tellAddress(deps.db, contact.controller, addressKey, { kind: 'proof', at });
    }
    const recorded = await record(deps, {
      contact,
      draft: {
        type: 'address',
        at,
        actor: { kind: 'person' },
        route: 'log-in',
        changes: [],
        brand: brand.id,
        moved: { from: fromKey, to: addressKey },
        ...('mail' in found.progress ? { mail: found.progress.mail } : {}),
      },
      payload: { address, ip, userAgent, notes: { from: contact.address, fromKey } },
      profile: { address },
      also: [
        claimAddress(contact.controller, addressKey, contact.id),
        leaveAddress(contact.controller, fromKey, contact.id),
        forget(contact.id, found.change.id),
      ],
    });
    return recorded && { kind: 'changed', contact: recorded.contact, brand };
  });
}

const former = z.object({ notes: z.object({ from: z.string(), fromKey: z.string() }) });

/** Where the person was written to before, from the payload of the entry that changed it. */
export function formerAddress(payload: unknown): { address: string; addressKey: string } | undefined {
  const notes = former.safeParse(payload).data?.notes;
  return notes && { address: notes.from, addressKey: notes.fromKey };
}

/** The address in clear goes with the answer. */
function forget(contactId: string, changeId: string): Remove {
  return {
    remove: 'outbox',
    key: keys.mail(newAddressMailId(contactId)),
    condition: '#change.id = :id',
    names: { '#change': 'change' },
    values: { ':id': changeId },
  };
}
