import type { Context } from 'hono';
import * as z from 'zod';

import { maskAddress } from '../../shared/contacts/email-address.ts';
import { DAY, now, plus } from '../../shared/platform/clock.ts';
import type { Secrets } from '../../shared/platform/secrets.ts';
import { withdraw } from '../../shared/permission/withdraw.ts';
import {
  MAX_REQUEST_TEXT,
  askUs,
  requestNumber,
  requestsOf,
} from '../../shared/preferences/person-request.ts';
import type { PersonRequest } from '../../shared/preferences/person-request.ts';
import { restrictContact } from '../../shared/preferences/restrict.ts';
import { choicesToken } from '../../shared/signup/links.ts';
import { profileFrame } from '../components/profile-nav.tsx';
import { visitor } from '../request.ts';
import type { WebEnv } from '../request.ts';
import { createApp, only, page } from '../respond.tsx';
import { formatDate } from '../texts/format.ts';
import { rightsTextsFor } from '../texts/rights-texts.ts';
import { ASKED_KINDS, AskPage, RestrictPage } from './pages/ask-page.tsx';
import type { Asking } from './pages/ask-page.tsx';
import { offerUndo } from './offer-undo.ts';
import { ObjectedPage } from './pages/objected-page.tsx';
import { RightsDonePage, RightsPage } from './pages/rights-page.tsx';
import { acting, visiting } from './session.ts';
import type { Visit, VisitDeps } from './session.ts';

export type RightsAppDeps = VisitDeps & { secrets: Pick<Secrets, 'linkKeys' | 'evidenceMaster'> };

const EMPTY: Asking = { text: '' };
const kinds = z.enum(ASKED_KINDS).default('question').catch('question');
/** Browsers send every line break as two characters and count it as one. */
const words = z
  .string()
  .default('')
  .transform((text) => text.replaceAll('\r\n', '\n').trim());

/** The overview of rights, objection, restriction, and what one of us must answer (D1, D6). */
export function createRightsApp(deps: RightsAppDeps) {
  const app = createApp();
  app.get(
    '/rights',
    visiting(deps, (c, visit) => show(c, deps, visit)),
  );
  app.post(
    '/rights/object',
    acting(deps, (c, visit) => object(c, deps, visit)),
  );
  app.get(
    '/rights/restrict',
    visiting(deps, (c, visit) => showRestrict(c, deps, visit, EMPTY)),
  );
  app.post(
    '/rights/restrict',
    acting(deps, (c, visit, { text }) => restrict(c, deps, visit, words.parse(text))),
  );
  app.get(
    '/rights/requests',
    visiting(deps, (c, visit) => showAsk(c, deps, visit, EMPTY)),
  );
  app.post(
    '/rights/requests',
    acting(deps, (c, visit, { kind, text }) => ask(c, deps, visit, kinds.parse(kind), words.parse(text))),
  );
  app.all('/rights', only('GET', 'HEAD'));
  app.all('/rights/object', only('POST'));
  for (const path of ['/rights/restrict', '/rights/requests']) app.all(path, only('GET', 'HEAD', 'POST'));
  return app;
}

/** "No advertising at all", by who proved the mailbox. */
async function object(c: Context<WebEnv>, deps: RightsAppDeps, visit: Visit) {
  const { contact, brand } = visit;
  const done = await withdraw(deps, {
    contactId: contact.id,
    brand,
    scope: { kind: 'all' },
    route: 'log-in',
    actor: { kind: 'person' },
    ...visitor(c),
  });
  const { frame, language } = await around(c, deps, visit);
  const token = choicesToken(await deps.secrets.linkKeys(), { contactId: contact.id, brand: brand.id });
  const uses = await deps.settings.uses(contact.controller);
  const written = done.kind === 'withdrawn' ? [done.entry] : [];
  const undo = await offerUndo(deps, { token, brand, uses, contact, language }, written);
  const maskedAddress = maskAddress(contact.address);
  return page(c, language, <ObjectedPage frame={frame} maskedAddress={maskedAddress} undo={undo} />);
}

async function restrict(c: Context<WebEnv>, deps: RightsAppDeps, visit: Visit, text: string) {
  const { contact } = visit;
  if (text.length > MAX_REQUEST_TEXT) return showRestrict(c, deps, visit, { text, fault: 'textMissing' });
  const policy = await deps.settings.policy(contact.controller);
  const asked = await restrictContact(deps, { contact, brand: visit.brand.id, text, policy, at: now() });
  if (!asked) return showRestrict(c, deps, visit, { text, fault: 'tooMany' });
  const { frame, language, texts } = await around(c, deps, visit);
  const told = texts.restrictedText(requestNumber(asked), formatDate(asked.answerBy, language));
  return page(c, language, <RightsDonePage frame={frame} title={texts.restricted} text={told} />);
}

async function ask(
  c: Context<WebEnv>,
  deps: RightsAppDeps,
  visit: Visit,
  kind: PersonRequest['kind'],
  text: string,
) {
  if (text === '' || text.length > MAX_REQUEST_TEXT) {
    return showAsk(c, deps, visit, { kind, text, fault: 'textMissing' });
  }
  const { id: contactId, controller } = visit.contact;
  const policy = await deps.settings.policy(controller);
  const asked = await askUs(deps.db, {
    ...{ contactId, controller, brand: visit.brand.id, kind, text, policy },
    at: now(),
  });
  if (!asked) return showAsk(c, deps, visit, { kind, text, fault: 'tooMany' });
  const { frame, language, texts } = await around(c, deps, visit);
  const told = texts.receivedText(requestNumber(asked), formatDate(asked.answerBy, language));
  return page(c, language, <RightsDonePage frame={frame} title={texts.received} text={told} />);
}

async function show(c: Context<WebEnv>, deps: RightsAppDeps, visit: Visit) {
  const { contact } = visit;
  const { frame, language } = await around(c, deps, visit);
  const requests = await requestsOf(deps.db, contact.controller, contact.id);
  return page(c, language, <RightsPage frame={frame} contact={contact} requests={requests} />);
}

async function showRestrict(c: Context<WebEnv>, deps: RightsAppDeps, visit: Visit, asking: Asking) {
  const { frame, language } = await around(c, deps, visit);
  return page(c, language, <RestrictPage frame={frame} asking={asking} />, statusOf(asking));
}

async function showAsk(c: Context<WebEnv>, deps: RightsAppDeps, visit: Visit, asking: Asking) {
  const { frame, language } = await around(c, deps, visit);
  const { requests } = await deps.settings.policy(visit.contact.controller);
  const answerBy = plus(now(), requests.dueDays * DAY);
  return page(c, language, <AskPage frame={frame} asking={asking} answerBy={answerBy} />, statusOf(asking));
}

function statusOf({ fault }: Asking): 200 | 422 {
  return fault ? 422 : 200;
}

async function around(c: Context<WebEnv>, deps: RightsAppDeps, visit: Visit) {
  const frame = await profileFrame(c, deps, visit, 'rights');
  const { language } = frame.context;
  return { frame, language, texts: rightsTextsFor(language) };
}
