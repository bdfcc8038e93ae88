import { addressKey } from '../contacts/address-key.ts';
import { parseEmailAddress } from '../contacts/email-address.ts';
import type { EmailAddress } from '../contacts/email-address.ts';
import { readContact } from '../contacts/store.ts';
import { dataUseSettings, grantedSince, mayUse } from '../decision/data-use.ts';
import type { Send } from '../decision/promotion.ts';
import { readSend } from '../decision/store.ts';
import { readSendId } from '../outbox/send-id.ts';
import { eventKey } from '../outbox/ses-event.ts';
import type { SesEvent } from '../outbox/ses-event.ts';
import { now } from '../platform/clock.ts';
import { sha256 } from '../platform/ids.ts';
import { metric } from '../platform/log.ts';
import type { Secrets } from '../platform/secrets.ts';
import type { Database } from '../platform/table.ts';
import type { Settings } from '../settings/store.ts';
import { countScans, domainScansKey, noteScan } from './domain-scans.ts';
import { DELIVERED, SES_SOURCE } from './event.ts';
import type { MailFacts } from './event.ts';
import { isLeavingLink } from './leaving-link.ts';
import { cutNetwork } from './network.ts';
import { givesItselfAway } from './signs.ts';
import { writeEvent } from './write-event.ts';

type ReactionDeps = {
  db: Database;
  secrets: Pick<Secrets, 'pepper'>;
  settings: Pick<Settings, 'brand' | 'uses' | 'policy'>;
  /** Public origin of our own pages. */
  baseUrl: string;
};
type Reaction = Extract<SesEvent, { kind: 'delivery' | 'open' | 'click' }>;
/** Whose a reaction is. */
type Owner = { send: Send; controller: string; recipient: EmailAddress };

const TYPES = { delivery: DELIVERED, open: 'open', click: 'click' } as const;

/**
 * Keeps what SES says of a mailing that arrived, was opened, was clicked in, if the person agreed to that; all else is
 * counted without a word about whom it was (G12). In any order and any number of times the same events end in the same
 * state (V7).
 */
export async function receiveReaction(deps: ReactionDeps, event: SesEvent): Promise<void> {
  if (event.kind !== 'delivery' && event.kind !== 'open' && event.kind !== 'click') return;
  const owner = await ownerOf(deps, event);
  if (!owner) {
    metric('reaction-anonymous', 1, { kind: event.kind });
    return;
  }
  const { send, controller, recipient } = owner;
  const pepper = await deps.secrets.pepper();
  const mail = factsOf(deps.baseUrl, event, send);
  const who = addressKey(pepper, `${controller}\n${recipient.match}`).slice(0, 16);
  await writeEvent(
    deps.db,
    {
      contactId: send.contactId,
      controller,
      source: SES_SOURCE,
      id: `${eventKey(event)}#${who}`,
      type: TYPES[event.kind],
      occurredAt: event.at,
      topics: send.topics.slice(0, 20),
      tracked: true,
      brand: send.brand,
      mail: { ...mail, ...(await historyOf(deps.db, pepper, owner, event, mail)) },
    },
    { once: true },
  );
}

/** Whose it is, where it is one person's and that person lets us know (G12). */
async function ownerOf(deps: ReactionDeps, event: Reaction): Promise<Owner | undefined> {
  const { sendId, recipients } = event;
  const [only, ...others] = recipients;
  const recipient = parseEmailAddress(only ?? '');
  // Service mail has send ids of its own and is never tracked; of several recipients nobody knows who it was.
  if (sendId === undefined || readSendId(sendId) || !recipient.ok || others.length > 0) return undefined;
  const send = await readSend(deps.db, sendId);
  const contact = send && (await readContact(deps.db, send.contactId));
  if (!contact) return undefined;
  const settled = await dataUseSettings(deps.settings, contact);
  if (!mayUse('tracking', contact, settled, now(), send.brand)) return undefined;
  const since = grantedSince('tracking', contact, send.brand);
  if (since === undefined || event.at < since) return undefined;
  return { send, controller: contact.controller, recipient: recipient.address };
}

function factsOf(baseUrl: string, event: Reaction, { sendId, brand, use, mailing }: Send): MailFacts {
  const { messageId, links } = event;
  const facts = { sendId, messageId, brand, use, mailing, ...(links === undefined ? {} : { links }) };
  if (event.kind === 'delivery') return facts;
  const { ip, userAgent, bot } = event;
  const network = ip === undefined ? undefined : cutNetwork(ip);
  return {
    ...facts,
    ...(userAgent === undefined ? {} : { userAgent: userAgent.slice(0, 300) }),
    ...(network === undefined ? {} : { network }),
    ...(bot === undefined ? {} : { bot }),
    ...(event.kind === 'click' ? linkFacts(baseUrl, event) : {}),
  };
}

function linkFacts(
  baseUrl: string,
  { link, hidden }: Extract<SesEvent, { kind: 'click' }>,
): Pick<MailFacts, 'link' | 'leaving' | 'hidden'> {
  return {
    link: sha256(link).slice(0, 16),
    ...(isLeavingLink(link, baseUrl) ? { leaving: true } : {}),
    ...(hidden ? { hidden } : {}),
  };
}

/** What is known of the recipient's domain from other mails; this one adds to it where a machine gave itself away. */
async function historyOf(
  db: Database,
  pepper: string,
  { controller, recipient }: Owner,
  { kind, at, messageId }: Reaction,
  mail: MailFacts,
): Promise<Pick<MailFacts, 'domainScans'>> {
  const key = kind === 'delivery' ? undefined : domainScansKey(pepper, controller, recipient.domain);
  if (!key) return {};
  if (kind === 'click' && givesItselfAway(mail)) await noteScan(db, key, messageId, at);
  return { domainScans: await countScans(db, key, messageId) };
}
