import { addressKey } from '../contacts/address-key.ts';
import type { AddressKey } from '../contacts/address-key.ts';
import { parseEmailAddress } from '../contacts/email-address.ts';
import { readOwner, tellAddress } from '../contacts/store.ts';
import type { SuppressionNews } from '../contacts/suppression.ts';
import type { Instant } from '../platform/clock.ts';
import type { Secrets } from '../platform/secrets.ts';
import type { Database } from '../platform/table.ts';
import { withdraw } from '../permission/withdraw.ts';
import type { Settings } from '../settings/store.ts';

export type TellDeps = {
  db: Database;
  secrets: Pick<Secrets, 'pepper' | 'evidenceMaster'>;
  settings: Pick<Settings, 'brand' | 'uses'>;
};

/** The key under which a controller knows a recipient; undefined where it is no address. */
export async function recipientKey(
  { secrets }: Pick<TellDeps, 'secrets'>,
  controller: string,
  recipient: string,
): Promise<AddressKey | undefined> {
  const parsed = parseEmailAddress(recipient);
  if (!parsed.ok) return undefined;
  return addressKey(await secrets.pepper(), `${controller}\n${parsed.address.match}`);
}

/**
 * Tells our list what was learned of mail to an address. A complaint objects as well, and first: whoever finds the list
 * told may rely on the objection.
 */
export async function tellNews(
  deps: TellDeps,
  controller: string,
  key: AddressKey,
  news: SuppressionNews,
): Promise<void> {
  if (news.kind === 'complaint') await object(deps, controller, key, news.at);
  await tellAddress(deps.db, controller, key, news);
}

/** A complaint objects to all e-mail of the controller (V4), unless the person has agreed anew since. */
export async function object(
  deps: TellDeps,
  controller: string,
  key: AddressKey,
  complainedAt: Instant,
): Promise<void> {
  const contact = await readOwner(deps.db, controller, key);
  const brands = new Set(Object.keys(contact?.permissions ?? {}).map((place) => place.split('#')[0] ?? ''));
  for (const brandId of brands) {
    const brand = await deps.settings.brand(brandId);
    if (!contact || !brand) continue;
    await withdraw(deps, {
      contactId: contact.id,
      brand,
      scope: { kind: 'email', grantedBefore: complainedAt },
      route: 'complaint',
      actor: { kind: 'person' },
    });
  }
}
