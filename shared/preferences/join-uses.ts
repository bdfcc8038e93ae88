import { companyOf } from '../contacts/company.ts';
import { permissionKey } from '../contacts/contact.ts';
import type { Contact } from '../contacts/contact.ts';
import { parseEmailAddress } from '../contacts/email-address.ts';
import { readContact } from '../contacts/store.ts';
import { now } from '../platform/clock.ts';
import type { Instant } from '../platform/clock.ts';
import type { Secrets } from '../platform/secrets.ts';
import type { EvidenceEntry } from '../permission/evidence.ts';
import { modelFor } from '../permission/models.ts';
import { record, untilRecorded } from '../permission/record.ts';
import type { RecordDeps } from '../permission/record.ts';
import { permissionOf } from '../permission/status.ts';
import type { Brand } from '../settings/brand.ts';
import type { VersionedForm } from '../settings/form.ts';
import type { Language } from '../settings/language.ts';
import type { Limits } from '../settings/limits.ts';
import type { Uses } from '../settings/uses.ts';
import { clientKey } from '../signup/client-address.ts';
import { declarationType, declaredOn } from '../signup/declared.ts';
import { grantChanges } from '../signup/grant.ts';
import { topicsOf } from '../signup/plan.ts';
import { requestSignup } from '../signup/request.ts';
import type { Session } from './session.ts';

export type JoinInput = {
  contact: Contact;
  brand: Brand;
  uses: Uses;
  /** Whose wordings the page showed beside the boxes. */
  form: VersionedForm;
  join: readonly string[];
  topics: readonly string[];
  /** The language of the page, and so of the wordings. */
  language: Language;
  shownAt: Instant;
  /** Binds one filled-in page to one request, however often it is posted. */
  pageToken: string;
  ip: string;
  userAgent: string;
};
export type Joined =
  | { kind: 'joined'; contact: Contact; entry: EvidenceEntry }
  /** A confirmation mail is on its way. */
  | { kind: 'asked' }
  | { kind: 'too-many'; retryAt: Instant }
  /** Already so, or nobody is left whom it could concern. */
  | { kind: 'nothing' };

/** A new use by the link of a mail, which may have been forwarded: the mailbox is asked, as after any sign-up. */
export async function askToJoin(
  deps: { db: RecordDeps['db']; secrets: Pick<Secrets, 'pepper'> },
  { contact, brand, form, uses, join, limits, ...input }: JoinInput & { limits: Limits },
): Promise<Joined> {
  const parsed = parseEmailAddress(contact.address ?? '');
  if (!parsed.ok) return { kind: 'nothing' };
  const topics = join.flatMap((use) => topicsOf(uses, use, input.topics));
  const { country } = contact;
  const answer = await requestSignup(deps, {
    form,
    brand,
    limits,
    address: parsed.address,
    values: { fields: country === undefined ? {} : { country }, uses: [...join], topics },
    language: input.language,
    page: undefined,
    ip: input.ip,
    ipKey: clientKey(input.ip),
    userAgent: input.userAgent,
    formToken: input.pageToken,
    shownAt: input.shownAt,
  });
  return answer.kind === 'too-many' ? answer : { kind: 'asked' };
}

/** A new use after a fresh log-in, whose mail proves the mailbox: granted at once, with the wording shown (DOMAIN 2). */
export async function joinUses(deps: RecordDeps, input: JoinInput & { session: Session }): Promise<Joined> {
  const { brand, uses, form, join, language, session, shownAt } = input;
  const { uses: boxes, ...shown } = declaredOn(form, brand, join, language);
  const topics = join.flatMap((use) => topicsOf(uses, use, input.topics));
  return untilRecorded(async (): Promise<Joined | undefined> => {
    const contact = await readContact(deps.db, input.contact.id);
    if (!contact || contact.addressKey !== session.addressKey) return { kind: 'nothing' };
    const at = now();
    const wanted = join.filter((use) => !isDone(contact, brand.id, use));
    const model = modelFor(brand, contact.country);
    const company = await companyOf(deps.db, contact.controller, contact.address ?? '', contact);
    // Said on the page as it was shown: a no since then stands over it.
    const request = { at: shownAt, uses: boxes, topics, form: shown.form };
    const declared = { uses, wanted, request, act: 'confirms' } as const;
    const changes = grantChanges(brand, declared, contact, model, company);
    if (changes.length === 0) return { kind: 'nothing' };
    const recorded = await record(deps, {
      contact,
      draft: {
        type: declarationType(changes),
        at,
        actor: { kind: 'person' },
        route: 'log-in',
        changes,
        signup: {
          requestId: session.loginId,
          requestedAt: at,
          formShownAt: shownAt,
          ...shown,
          boxes,
          topics,
          model,
          confirmPageShownAt: shownAt,
        },
        ...(session.mail ? { mail: session.mail } : {}),
      },
      payload: { address: contact.address, ip: input.ip, userAgent: input.userAgent },
    });
    return recorded && { kind: 'joined', ...recorded };
  });
}

/** The same page posted twice at once: agreed to, or waiting for one of us, since it was decided to join. */
function isDone(contact: Contact, brandId: string, use: string): boolean {
  const waits = contact.reviews?.[permissionKey(brandId, use)] !== undefined;
  return waits || permissionOf(contact, brandId, use)?.status === 'granted';
}
