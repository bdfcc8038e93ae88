import { readContact, readOwner } from '../contacts/store.ts';
import { now } from '../platform/clock.ts';
import { newAddressToken } from '../preferences/new-address.ts';
import { loginCode, loginIdOf, loginToken } from '../preferences/login.ts';
import { readRequest, requestNumber } from '../preferences/person-request.ts';
import type { Brand } from '../settings/brand.ts';
import { claimMailbox } from './claim-mailbox.ts';
import type { MailItem } from './mail-item.ts';
import type { NotYet, WriteDeps, Written } from './written.ts';

type Of<Kind extends MailItem['kind']> = Extract<MailItem, { kind: Kind }>;

/** A person may ask again soon, for a mail can get lost; a stranger cannot fill a mailbox (T7). */
const LOGIN_LIMITS = { mailboxWindowMinutes: 1, mailboxPerDay: 10 };

/** Asks the owner of a new address to confirm it, unless the person's address is another by now (D3). */
export async function writeNewAddressMail(
  { db, secrets, templates, baseUrl }: WriteDeps,
  { change, contactId, language, createdAt: at }: Of<'new-address'>,
  brand: Brand,
): Promise<Written | undefined> {
  const contact = await readContact(db, contactId);
  if (contact?.addressKey !== change.fromKey || now() >= change.until) return undefined;
  const ref = { contactId, brand: brand.id, changeId: change.id };
  const confirmUrl = `${baseUrl}/address/${newAddressToken(await secrets.linkKeys(), ref)}`;
  const rendered = templates.newAddress({ brand, language, at, confirmUrl });
  return { to: change.address, addressKey: change.addressKey, rendered };
}

/** Tells a person that their request was answered; the answer itself is read after a log-in (D7). */
export async function writeAnsweredMail(
  { db, templates, baseUrl }: WriteDeps,
  { controller, contactId, requestId, language }: Of<'request-answered'>,
  brand: Brand,
): Promise<Written | undefined> {
  const [contact, request] = [await readContact(db, contactId), await readRequest(db, controller, requestId)];
  if (!request || contact?.address === undefined || contact.addressKey === undefined) return undefined;
  const loginUrl = `${baseUrl}/preferences?brand=${brand.id}&lang=${language}`;
  const { askedAt } = request;
  const rendered = templates.requestAnswered({
    ...{ brand, language, askedAt, loginUrl },
    number: requestNumber(request),
  });
  return { to: contact.address, addressKey: contact.addressKey, rendered };
}

/** The log-in mail, where the address is somebody's; who is not known gets none, and nobody is told so (T6). */
export async function writeLoginMail(
  { db, secrets, templates, baseUrl }: WriteDeps,
  { id, controller, login, language, createdAt: at }: Of<'log-in'>,
  brand: Brand,
): Promise<Written | NotYet | undefined> {
  const { addressKey, limitKey, device, until } = login;
  const contact = await readOwner(db, controller, addressKey);
  if (contact?.address === undefined || contact.addressKey !== addressKey || now() >= until) return undefined;
  const claim = await claimMailbox(db, { controller, limitKey }, id, now(), LOGIN_LIMITS);
  // Pressed twice, the browser waits for the second mail.
  if (!claim.claimed) return claim.until < until ? { notBefore: claim.until } : undefined;
  const links = await secrets.linkKeys();
  const loginId = loginIdOf(id);
  const rendered = templates.logIn({
    brand,
    language,
    at,
    device,
    loginUrl: `${baseUrl}/log-in/${loginToken(links, loginId)}`,
    code: loginCode(links, loginId),
  });
  return { to: contact.address, addressKey, rendered };
}
