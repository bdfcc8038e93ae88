import { addressKey } from '../contacts/address-key.ts';
import { parseEmailAddress } from '../contacts/email-address.ts';
import { readOwner, tellAddress } from '../contacts/store.ts';
import { now } from '../platform/clock.ts';
import { log, metric } from '../platform/log.ts';
import type { Secrets } from '../platform/secrets.ts';
import type { Database } from '../platform/table.ts';
import { withdraw } from '../permission/withdraw.ts';
import type { Settings } from '../settings/store.ts';
import { classifyBounce, suppressionNews } from './bounce-rules.ts';
import { noteMailNews } from './note-mail-news.ts';
import type { SesEvent } from './ses-event.ts';

export type ReceiveDeps = {
  db: Database;
  secrets: Pick<Secrets, 'pepper' | 'evidenceMaster'>;
  settings: Settings;
};

/**
 * Makes true what an SES event says: of the address, of the permission, of the mail. In any order and any number of
 * times the same events end in the same state (V7).
 * Mail without our tags is counted and otherwise left alone.
 */
export async function receiveEvent(deps: ReceiveDeps, event: SesEvent): Promise<void> {
  report(event);
  if (!event.tenant) return;
  for (const { recipient, news } of suppressionNews(event)) {
    const key = await keyOf(deps, event.tenant, recipient);
    if (!key) continue;
    await tellAddress(deps.db, event.tenant, key, news);
    if (news.kind === 'complaint') await object(deps, event.tenant, key, news.at);
  }
  for (const recipient of revokedBy(event)) {
    const key = await keyOf(deps, event.tenant, recipient);
    if (key) await object(deps, event.tenant, key, event.at);
  }
  await noteMailNews(deps, event);
}

/** Recipients who unsubscribed with SES itself, should somebody have switched that on (V3). */
function revokedBy(event: SesEvent): string[] {
  if (event.kind !== 'bounce') return [];
  const { bounceType, bounceSubType } = event;
  return event.bounced
    .filter((bounced) => classifyBounce({ bounceType, bounceSubType, ...bounced }).effect === 'revoke')
    .map(({ recipient }) => recipient);
}

/** A complaint objects to all e-mail of the controller (V4), unless the person has agreed anew since. */
async function object(deps: ReceiveDeps, tenant: string, key: string, complainedAt: string): Promise<void> {
  const contact = await readOwner(deps.db, tenant, key);
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

async function keyOf(deps: ReceiveDeps, tenant: string, recipient: string): Promise<string | undefined> {
  const parsed = parseEmailAddress(recipient);
  if (!parsed.ok) return undefined;
  return addressKey(await deps.secrets.pepper(), `${tenant}\n${parsed.address.match}`);
}

/** Figures and alarms; nothing about the person. */
function report(event: SesEvent): void {
  metric('ses-event', 1, { kind: event.kind });
  if (event.kind === 'reject' || event.kind === 'failure') {
    log('error', 'mail-refused-by-ses', { kind: event.kind, messageId: event.messageId });
    metric('mail-refused-by-ses', 1, { kind: event.kind });
  }
  if (event.kind !== 'bounce') return;
  for (const bounced of event.bounced) {
    const { bounceType, bounceSubType } = event;
    const verdict = classifyBounce({ bounceType, bounceSubType, ...bounced });
    log('info', 'bounce', { messageId: event.messageId, effect: verdict.effect, at: now() });
    if (verdict.attention !== 'none') metric('bounce-needs-attention', 1, { effect: verdict.effect });
  }
}
