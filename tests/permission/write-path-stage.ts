import { saveAccount } from '../../shared/contacts/save-account.ts';
import type { Contact } from '../../shared/contacts/contact.ts';
import { readContact } from '../../shared/contacts/store.ts';
import { parseEmailAddress } from '../../shared/contacts/email-address.ts';
import { DAY, HOUR, now, plus } from '../../shared/platform/clock.ts';
import { AppError } from '../../shared/platform/errors.ts';
import { sha256 } from '../../shared/platform/ids.ts';
import { write } from '../../shared/platform/table.ts';
import { requestNewAddress } from '../../shared/outbox/request-new-address.ts';
import { receiveEvent } from '../../shared/outbox/receive-event.ts';
import { parseSesEvent } from '../../shared/outbox/ses-event.ts';
import { blockContact, unblockContact } from '../../shared/permission/block.ts';
import { lapseDue } from '../../shared/permission/lapse-due.ts';
import { makeKnown } from '../../shared/permission/make-known.ts';
import { recordConsent } from '../../shared/permission/record-consent.ts';
import { recordWithdrawal } from '../../shared/permission/record-withdrawal.ts';
import { approveReview, denyReview } from '../../shared/permission/review.ts';
import { readEntries } from '../../shared/permission/store.ts';
import { toldConsent } from '../../shared/permission/told-consent.ts';
import type { ToldConsent } from '../../shared/permission/told-consent.ts';
import { undoWithdrawal } from '../../shared/permission/undo.ts';
import { withdraw } from '../../shared/permission/withdraw.ts';
import { actsOf } from '../../shared/preferences/acts.ts';
import { joinUses } from '../../shared/preferences/join-uses.ts';
import { answerRequest, requestsOf } from '../../shared/preferences/person-request.ts';
import { liftRestriction, restrictContact } from '../../shared/preferences/restrict.ts';
import { saveChoices } from '../../shared/preferences/save-choices.ts';
import { readSession, newSession } from '../../shared/preferences/session-store.ts';
import { viewChoices } from '../../shared/preferences/shown-choices.ts';
import { confirmNewAddress } from '../../shared/preferences/new-address.ts';
import { eraseContact } from '../../shared/retention/erase.ts';
import { policy } from '../../shared/settings/policy.ts';
import { pageNonce } from '../../shared/signup/links.ts';
import { rejectSignup } from '../../shared/signup/reject.ts';
import { CLICK, CONTROLLER, advanceClock, openTestSystem } from '../support/system.ts';
import { PERSON, brand, sister } from './person.ts';
import type { Act } from './write-path-stories.ts';

const POLICY = policy.parse({ id: CONTROLLER });
const RIVAL = 'rival.example';
const STAFF = { kind: 'staff', id: 'k.lund' } as const;
const HASH = sha256('a scan');

type ActOnContact = Exclude<Act, { act: 'sign-up' | 'register' | 'not-me' | 'make-known' }>;

/** The whole system, and who of the sources was seen to record. */
export async function openStage() {
  const system = await openTestSystem();
  await system.set('brand', sister.id, sister);
  const rival = { name: 'Rival AG', class: 'competitor' as const, domains: [RIVAL] };
  await saveAccount(system.deps, { controller: CONTROLLER, told: rival, at: now() });
  const writers = new Set<string>();
  const { evidenceMaster } = system.deps.secrets;
  // The recorder asks for the secret first thing, so that who called it stands below it on the stack.
  system.deps.secrets.evidenceMaster = () => {
    const caller = /\/shared\/permission\/record\.ts.*\n.*?\/((?:shared|web|functions)\/[^:?)]+)/.exec(
      new Error().stack ?? '',
    )?.[1];
    if (caller !== undefined) writers.add(caller);
    return evidenceMaster();
  };
  let people = 0;
  return {
    deps: system.deps,
    writers,
    ledger: () => system.dump('ledger'),
    /** Somebody new, maybe of a competitor. */
    meet: (isRival: boolean) => meet(system, `p${(people += 1)}@${isRival ? RIVAL : 'example.com'}`),
  };
}

/** Somebody new, to whom acts happen the way their use cases do them. */
function meet(system: Awaited<ReturnType<typeof openTestSystem>>, first: string) {
  let email = first;
  let moves = 0;
  const { deps } = system;
  const met = new Set<string>();
  const idOf = async () => (await system.contactOf(email))?.id;
  const link = () => /\/confirm\/([\w.-]+)/.exec(system.mailsTo(email).at(-1)?.text ?? '')?.[1];
  const visit = async (input: Parameters<typeof system.signUp>[1], click: boolean) => {
    // As often as a mailbox may get a mail.
    advanceClock(9 * HOUR);
    await system.signUp(email, input);
    await system.look(email);
    const token = link();
    if (click && token !== undefined) await system.confirm(token);
  };
  const told = (contactId: string, brandId: string) => ({
    controller: CONTROLLER,
    contactId,
    brand: brandId,
    reason: 'r',
    actor: STAFF,
    at: now(),
  });
  const entriesOf = (contactId: string) => readEntries(deps.db, contactId);

  const happen = async (one: ActOnContact, id: string): Promise<void> => {
    const contact = await readContact(deps.db, id);
    if (!contact) return;
    switch (one.act) {
      case 'leave':
        await withdraw(deps, {
          contactId: id,
          brand: one.of === brand.id ? brand : sister,
          scope: one.scope,
          route: one.route,
          actor: PERSON,
        });
        return;
      case 'undo': {
        const gone = (await entriesOf(id)).filter(({ type }) => type === 'withdrawn').at(-1 - one.back);
        if (gone) await undoWithdrawal(deps, { contactId: id, seq: gone.seq, route: one.route, ...CLICK });
        return;
      }
      case 'delivered': {
        const { signup, mail } = (await entriesOf(id)).findLast((entry) => entry.mail?.messageId) ?? {};
        const sendId = `s_${brand.id}_${contact.addressKey ?? ''}_${signup?.requestId ?? ''}`;
        await news({ Delivery: { recipients: [email] } }, sendId, mail?.messageId ?? 'ses-unknown');
        return;
      }
      case 'complain':
        await news(
          { Complaint: { complainedRecipients: [{ emailAddress: email }], feedbackId: 'f' } },
          'm_w',
          'ses-x',
        );
        return;
      case 'block':
        await blockContact(deps, { ...told(id, one.of), uses: one.uses });
        return;
      case 'unblock':
        await unblockContact(deps, { ...told(id, one.of), uses: one.uses });
        return;
      case 'restrict':
        await restrictContact(deps, { contact, brand: brand.id, text: '', policy: POLICY, at: now() });
        return;
      case 'unrestrict': {
        const about = {
          controller: CONTROLLER,
          contactId: id,
          reason: 'settled',
          actor: 'k.lund',
          at: now(),
        };
        for (const { id: asked, answered } of await requestsOf(deps.db, CONTROLLER, id)) {
          if (answered) continue;
          await answerRequest(deps.db, CONTROLLER, asked, { at: now(), by: 'k.lund', text: 'Settled.' });
        }
        await liftRestriction(deps, about);
        return;
      }
      case 'tell-no': {
        const heard = plus(now(), -one.hoursAgo * HOUR);
        const receivedAt = heard < contact.createdAt ? contact.createdAt : heard;
        await recordWithdrawal(deps, { ...told(id, one.of), uses: one.uses, route: one.route, receivedAt });
        return;
      }
      case 'tell-yes':
        await recordConsent(deps, { controller: CONTROLLER, contactId: id, told: toldFor(one), at: now() });
        return;
      case 'approve':
        await approveReview(deps, { ...told(id, brand.id), use: one.use });
        return;
      case 'deny':
        await denyReview(deps, { ...told(id, brand.id), use: one.use });
        return;
      case 'lapse':
        advanceClock(750 * DAY);
        await lapseDue(deps, id, now());
        return;
      case 'move': {
        const to = `m${(moves += 1)}.${email}`;
        const parsed = parseEmailAddress(to);
        if (!parsed.ok) return;
        const asked = { contact, brand, language: 'de', address: parsed.address, at: now() } as const;
        await requestNewAddress(deps, asked);
        await system.work();
        const token = /\/address\/([\w.-]+)/.exec(system.mailsTo(to).at(-1)?.text ?? '')?.[1] ?? '';
        const nonce = pageNonce(await deps.secrets.linkKeys(), token);
        const outcome = await confirmNewAddress(deps, { token, pageNonce: nonce, ...CLICK });
        if (outcome?.kind === 'changed') email = to;
        return;
      }
      case 'choose':
        await choose(contact, one);
        return;
      case 'erase':
        await eraseContact(deps, { ...told(id, brand.id), requestedBy: 'person' });
        return;
    }
  };

  /** What the page shows, with these boxes ticked instead. */
  const choose = async (contact: Contact, one: Extract<Act, { act: 'choose' }>) => {
    const about = {
      brand,
      uses: await deps.settings.uses(CONTROLLER),
      form: undefined,
      language: 'de',
    } as const;
    const { chosen: shown } = viewChoices(contact, { ...about, at: now() });
    const acts = actsOf(shown, { ...shown, uses: one.uses, topics: one.topics }, about.uses);
    const cookie = one.loggedIn ? await logIn(contact) : undefined;
    const session = cookie === undefined ? undefined : await readSession(deps.db, cookie, now());
    const who = { contactId: contact.id, brand, uses: about.uses, session, ...CLICK };
    const saved = await saveChoices(deps, { ...who, acts, shownAt: now() });
    const form = await deps.settings.form('preferences');
    if (!saved || !form || !session) return;
    await joinUses(deps, {
      ...who,
      contact: saved.contact,
      form,
      join: saved.join,
      topics: one.topics,
      language: 'de',
      shownAt: now(),
      pageToken: 'page',
      session,
    });
  };
  const logIn = async ({ id, addressKey = '' }: Contact) => {
    const { cookie, put } = newSession({
      contactId: id,
      controller: CONTROLLER,
      brand: brand.id,
      addressKey,
      since: now(),
      device: 'Firefox, Windows',
      loginId: 'a'.repeat(32),
    });
    await write(deps.db, put);
    return cookie;
  };

  const begin = async (one: Act): Promise<void> => {
    switch (one.act) {
      case 'sign-up':
        return visit({ uses: one.uses, topics: one.topics }, true);
      case 'register':
        return visit({ form: 'open-house', fields: { country: 'DE' } }, one.click);
      case 'not-me': {
        const token = link();
        if (token === undefined) return;
        const nonce = pageNonce(await deps.secrets.linkKeys(), token);
        await rejectSignup(deps, { token, pageNonce: nonce, ...CLICK });
        return;
      }
      case 'make-known': {
        const parsed = parseEmailAddress(email);
        await makeKnown(deps, {
          controller: CONTROLLER,
          identity: parsed.ok ? { email: parsed.address } : {},
          source: { kind: one.source, id: 'list' },
          told: {},
          toldBy: 'staff',
          block: { brand: one.of, uses: one.uses, reason: 'r' },
          actor: STAFF,
          at: now(),
        });
        return;
      }
      case 'leave':
      case 'undo':
      case 'delivered':
      case 'complain':
      case 'block':
      case 'unblock':
      case 'restrict':
      case 'unrestrict':
      case 'tell-no':
      case 'tell-yes':
      case 'approve':
      case 'deny':
      case 'lapse':
      case 'move':
      case 'choose':
      case 'erase': {
        const id = await idOf();
        if (id !== undefined) await happen(one, id);
      }
    }
  };

  const news = async (what: Record<string, object>, sendId: string, messageId: string) => {
    const [[eventType, told] = ['', {}]] = Object.entries(what);
    const mail = { timestamp: now(), messageId, tags: { tenant: [CONTROLLER], sendId: [sendId] } };
    const parsed = parseSesEvent({
      eventType,
      mail,
      [eventType.toLowerCase()]: { timestamp: now(), ...told },
    });
    if (parsed.kind !== 'unknown') await receiveEvent(deps, parsed);
  };

  return {
    /** An act that is refused is one that does nothing. */
    live: async (one: Act): Promise<void> => {
      await begin(one).catch((error: unknown) => {
        if (!(error instanceof AppError)) throw error;
      });
      const id = await idOf();
      if (id !== undefined) met.add(id);
    },
    /** Whom we held under this address, the erased included. */
    known: () => Promise.resolve([...met]),
  };
}

function toldFor({ of: brandId, use, kind: told, via }: Extract<Act, { act: 'tell-yes' }>): ToldConsent {
  const at = plus(now(), -HOUR);
  const words = { source: 'list', wording: 'May we?', givenAt: at };
  const rest = {
    claimed: { via, source: 'list' },
    'presumed-interest': { matter: 'm', act: 'a', source: 's' },
    'existing-customer': { saleRef: 'A-1', productGroup: 'gears', noticeShownAt: at, noticeVersion: '1' },
    implied: { impliedKind: 'inquiry', anchorAt: at },
    'business-card': { receivedAt: at, occasion: 'fair' },
    oral: {
      name: 'n',
      address: 'a',
      company: 'c',
      addressee: 'd',
      scope: 's',
      wording: 'w',
      givenAt: at,
      manner: 'm',
    },
    written: { ...words, document: HASH },
  }[told];
  return toldConsent.parse({ kind: told, brand: brandId, use, actor: STAFF.id, ...rest });
}
