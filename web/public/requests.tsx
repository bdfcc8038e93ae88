import type { Context, Hono } from 'hono';
import * as z from 'zod';

import { now } from '../../shared/platform/clock.ts';
import { blockContact } from '../../shared/permission/block.ts';
import { withdraw } from '../../shared/permission/withdraw.ts';
import { MAX_REQUEST_TEXT, askUs, requestsOf } from '../../shared/preferences/person-request.ts';
import type { PersonRequest } from '../../shared/preferences/person-request.ts';
import { listSettings } from '../../shared/settings/own-settings.ts';
import { profileFrame } from '../components/profile-nav.tsx';
import type { WebEnv } from '../request.ts';
import { visitor } from '../request.ts';
import { only, page } from '../respond.tsx';
import { formatDate } from '../texts/format.ts';
import { rightsTextsFor } from '../texts/rights-texts.ts';
import type { RightsTexts } from '../texts/rights-texts.ts';
import { RightsDonePage, RightsPage } from './pages/rights-page.tsx';
import type { RightsFault } from './pages/rights-page.tsx';
import type { ProfileAppDeps } from './profile-deps.ts';
import { acting, visiting } from './session.ts';
import type { Visit } from './session.ts';

const PERSON = { kind: 'person' } as const;
const kinds = z.enum(['question', 'correction', 'objection']);
const message = z.string().trim().min(1).max(MAX_REQUEST_TEXT);

/** The overview of rights, objection, restriction, and what one of us must answer (D1, D6). */
export function addRequestRoutes(app: Hono<WebEnv>, deps: ProfileAppDeps): void {
  app.get(
    '/rights',
    visiting(deps, (c, visit) => show(c, deps, visit)),
  );
  app.post(
    '/rights/object',
    acting(deps, async (c, visit) => {
      const { contact, brand } = visit;
      const scope = { kind: 'all' } as const;
      const act = { contactId: contact.id, brand, scope, route: 'log-in', actor: PERSON } as const;
      await withdraw(deps, { ...act, ...visitor(c) });
      return done(c, deps, visit, (texts) => [texts.objectedTitle, texts.objectedText]);
    }),
  );
  app.post(
    '/rights/restrict',
    acting(deps, async (c, visit, { text }) => {
      const words = message.safeParse(text).data;
      if (words === undefined) return show(c, deps, visit, 'textMissing', text);
      const asked = await ask(deps, visit, 'restriction', words);
      if (!asked) return show(c, deps, visit, 'tooMany', text);
      await restrict(deps, visit);
      return done(c, deps, visit, (texts, date) => [texts.restricted, texts.restrictedText(date)], asked);
    }),
  );
  app.post(
    '/rights/requests',
    acting(deps, async (c, visit, { kind, text }) => {
      const words = message.safeParse(text).data;
      if (words === undefined) return show(c, deps, visit, 'textMissing', text);
      const asked = await ask(deps, visit, kinds.safeParse(kind).data ?? 'question', words);
      if (!asked) return show(c, deps, visit, 'tooMany', text);
      return done(c, deps, visit, (texts, date) => [texts.received, texts.receivedText(date)], asked);
    }),
  );
  app.all('/rights', only('GET', 'HEAD'));
  for (const act of ['object', 'restrict', 'requests']) app.all(`/rights/${act}`, only('POST'));
}

async function ask(
  { db, settings }: ProfileAppDeps,
  { contact }: Visit,
  kind: PersonRequest['kind'],
  text: string,
): Promise<PersonRequest | undefined> {
  const { id: contactId, controller } = contact;
  return askUs(db, {
    contactId,
    controller,
    kind,
    text,
    policy: await settings.policy(controller),
    at: now(),
  });
}

/**
 * Nothing is sent and nothing evaluated until one of us lifts it: a block of every use of every brand, which gives back
 * exactly what was before (art. 18 GDPR).
 */
async function restrict(deps: ProfileAppDeps, { contact }: Visit): Promise<void> {
  const { id: contactId, controller } = contact;
  const { uses } = await deps.settings.uses(controller);
  const brands = (await listSettings(deps.db, controller)).filter(({ kind }) => kind === 'brand');
  for (const { id: brand } of brands) {
    await blockContact(deps, {
      controller,
      contactId,
      brand,
      uses: uses.map(({ id }) => id),
      reason: 'restriction',
      actor: PERSON,
      route: 'log-in',
      at: now(),
    });
  }
}

async function show(
  c: Context<WebEnv>,
  deps: ProfileAppDeps,
  visit: Visit,
  fault?: RightsFault,
  typed?: string,
) {
  const { contact } = visit;
  const frame = await profileFrame(c, deps, visit, 'rights');
  const requests = await requestsOf(deps.db, contact.controller, contact.id);
  return page(
    c,
    frame.context.language,
    <RightsPage frame={frame} contact={contact} requests={requests} fault={fault} typed={typed ?? ''} />,
    fault ? 422 : 200,
  );
}

async function done(
  c: Context<WebEnv>,
  deps: ProfileAppDeps,
  visit: Visit,
  words: (texts: RightsTexts, date: string) => [title: string, text: string],
  asked?: PersonRequest,
) {
  const frame = await profileFrame(c, deps, visit, 'rights');
  const { language } = frame.context;
  const [title, text] = words(rightsTextsFor(language), asked ? formatDate(asked.answerBy, language) : '');
  return page(c, language, <RightsDonePage frame={frame} title={title} text={text} />);
}
