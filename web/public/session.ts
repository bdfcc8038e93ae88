import type { Context, Handler } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { CookieOptions } from 'hono/utils/cookie';

import type { Contact } from '../../shared/contacts/contact.ts';
import { readContact } from '../../shared/contacts/store.ts';
import { HOUR, SECOND, now } from '../../shared/platform/clock.ts';
import { log } from '../../shared/platform/log.ts';
import type { Secrets } from '../../shared/platform/secrets.ts';
import type { Database } from '../../shared/platform/table.ts';
import { LONGEST } from '../../shared/preferences/session.ts';
import type { Session } from '../../shared/preferences/session.ts';
import { endSession, readSession, touchSession } from '../../shared/preferences/session-store.ts';
import type { Brand } from '../../shared/settings/brand.ts';
import { chooseLanguage } from '../../shared/settings/language.ts';
import type { Settings } from '../../shared/settings/store.ts';
import { pageNonce, readPageNonce } from '../../shared/signup/links.ts';
import { pageContext } from '../assets.ts';
import type { PageContext } from '../components/layout.tsx';
import type { WebEnv } from '../request.ts';
import { explain } from '../respond.tsx';
import { sessionEnded } from './session-ended.tsx';
import { readFields } from './read-fields.ts';
import type { Fields } from './read-fields.ts';

export type VisitDeps = {
  db: Database;
  secrets: Pick<Secrets, 'linkKeys'>;
  settings: Settings;
  /** Public origin of our own pages. */
  baseUrl: string;
};

/** A person who has logged in, as they are now. */
export type Visit = { session: Session; contact: Contact; brand: Brand; cookie: string };
type Answer = Response | Promise<Response>;

const NAME = 'assent-session';

/** `__Host-` cookies need https, which one machine does not have; browsers would drop them silently. */
export function cookieKind({ baseUrl }: Pick<VisitDeps, 'baseUrl'>): CookieOptions {
  const secure = baseUrl.startsWith('https:');
  return { httpOnly: true, sameSite: 'Lax', path: '/', ...(secure ? { secure, prefix: 'host' } : {}) };
}

/** Hands the browser a session just begun (T5). */
export function setSession(c: Context, deps: Pick<VisitDeps, 'baseUrl'>, cookie: string): void {
  setCookie(c, NAME, cookie, { ...cookieKind(deps), maxAge: LONGEST / SECOND });
}

/** Takes the session from the browser; what it showed must not come back by its history. */
export function dropSession(c: Context, deps: Pick<VisitDeps, 'baseUrl'>): void {
  deleteCookie(c, NAME, cookieKind(deps));
  c.header('Clear-Site-Data', '"cache"');
}

/** Ends the session that this browser still has: a new log-in takes its place (T5). */
export async function endPresentSession(c: Context, deps: Pick<VisitDeps, 'db' | 'baseUrl'>): Promise<void> {
  const session = await readSession(deps.db, readCookie(c, deps), now());
  if (session) await endSession(deps.db, session);
}

function readCookie(c: Context, deps: Pick<VisitDeps, 'baseUrl'>): string {
  return getCookie(c, NAME, cookieKind(deps).prefix) ?? '';
}

/** Who is logged in in this browser. A session of an address that is the person's no more has ended. */
export async function readVisit(c: Context, deps: VisitDeps): Promise<Visit | undefined> {
  const cookie = readCookie(c, deps);
  const at = now();
  const session = cookie === '' ? undefined : await readSession(deps.db, cookie, at);
  const contact = session && (await readContact(deps.db, session.contactId));
  const brand = session && (await deps.settings.brand(session.brand));
  if (!session || !brand || !contact || contact.addressKey !== session.addressKey) return undefined;
  return (await touchSession(deps.db, session, at)) ? { session, contact, brand, cookie } : undefined;
}

/** A page for who is logged in; for everybody else the way to the log-in. */
export function visiting(
  deps: VisitDeps,
  show: (c: Context<WebEnv>, visit: Visit) => Answer,
): Handler<WebEnv> {
  return async (c) => {
    const visit = await readVisit(c, deps);
    return visit ? show(c, visit) : sessionEnded(c);
  };
}

/** An act of who is logged in: posted from our own page, of this very session (T9). */
export function acting(
  deps: VisitDeps,
  act: (c: Context<WebEnv>, visit: Visit, fields: Fields) => Answer,
): Handler<WebEnv> {
  return async (c) => {
    if (isForeign(c, deps)) return refusePost(c, 'other-site');
    const visit = await readVisit(c, deps);
    if (!visit) return sessionEnded(c);
    const posted = await readFields(c);
    if (!posted.ok) return explain(c, posted.status);
    const shown = readPageNonce(
      await deps.secrets.linkKeys(),
      visit.cookie,
      posted.fields['page'] ?? '',
      HOUR,
    );
    return shown ? act(c, visit, posted.fields) : refusePost(c, 'other-page');
  };
}

/** A post from our own page by whoever has its link: none that another site made (T11). */
export function postingHere<Path extends string>(
  deps: Pick<VisitDeps, 'baseUrl'>,
  act: (c: Context<WebEnv, Path>, fields: Fields) => Answer,
): Handler<WebEnv, Path> {
  return async (c) => {
    if (isForeign(c, deps)) return refusePost(c, 'other-site');
    const posted = await readFields(c);
    return posted.ok ? act(c, posted.fields) : explain(c, posted.status);
  };
}

/** What every form of a session carries as `page`. */
export async function visitNonce(deps: VisitDeps, { cookie }: Visit): Promise<string> {
  return pageNonce(await deps.secrets.linkKeys(), cookie);
}

function refusePost(c: Context<WebEnv>, reason: 'other-site' | 'other-page'): Answer {
  log('warn', 'post-refused', { reason });
  return explain(c, 403);
}

/** A post that another site made. Under our referrer policy browsers send `Origin: null` with our own forms (T11). */
function isForeign(c: Context, { baseUrl }: Pick<VisitDeps, 'baseUrl'>): boolean {
  const site = c.req.header('sec-fetch-site');
  if (site !== undefined) return site !== 'same-origin';
  const origin = c.req.header('origin') ?? 'null';
  return origin !== 'null' && origin !== new URL(baseUrl).origin;
}

/** The page in the reader's language: what they chose, else the one we write to them in. */
export function visitContext(c: Context, { brand, contact }: Visit): PageContext {
  return pageContext(brand, chooseLanguage(c.req.query('lang'), undefined, contact.language));
}
