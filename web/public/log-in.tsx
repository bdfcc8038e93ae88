import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';

import { parseEmailAddress } from '../../shared/contacts/email-address.ts';
import { HOUR, SECOND, now } from '../../shared/platform/clock.ts';
import { log } from '../../shared/platform/log.ts';
import type { Secrets } from '../../shared/platform/secrets.ts';
import { requestLogin } from '../../shared/outbox/request-login.ts';
import { deviceOf } from '../../shared/preferences/device.ts';
import {
  LOGIN_LIFETIME,
  logIn,
  logInByCode,
  readLogin,
  readLoginCookie,
  readLoginToken,
} from '../../shared/preferences/login.ts';
import type { LoggedIn } from '../../shared/preferences/login.ts';
import type { Brand } from '../../shared/settings/brand.ts';
import { chooseLanguage, language as knownLanguage } from '../../shared/settings/language.ts';
import { listBrands } from '../../shared/settings/store.ts';
import { clientKey } from '../../shared/signup/client-address.ts';
import { pageNonce, readPageNonce } from '../../shared/signup/links.ts';
import { neutralContext, pageContext } from '../assets.ts';
import type { PageContext } from '../components/layout.tsx';
import { clientIp, readerLanguage, visitor } from '../request.ts';
import type { WebEnv } from '../request.ts';
import { createApp, explain, only, page, retryAfter, unknownLink } from '../respond.tsx';
import { AskAddressPage, ChooseBrandPage } from './pages/ask-address-page.tsx';
import {
  CodePage,
  LoginClosedPage,
  LoginPage,
  OneOfSeveralPage,
  OtherDevicePage,
} from './pages/log-in-pages.tsx';
import type { Fields } from './read-fields.ts';
import { cookieKind, endPresentSession, postingHere, setSession } from './session.ts';
import type { VisitDeps } from './session.ts';
import { addSessionRoutes } from './sessions.tsx';

export type LoginAppDeps = VisitDeps & { secrets: Pick<Secrets, 'linkKeys' | 'pepper'> };

/** Which log-in this browser waits for. */
const NAME = 'assent-login';

/** The log-in by mail: asked for with the address, opened by link or code, once, in the browser that asked (T4). */
export function createLoginApp(deps: LoginAppDeps) {
  const app = createApp();
  app.get('/preferences', async (c) => {
    const brands = await brandsFor(c, deps);
    const language = readerLanguage(c, brands[0]?.language);
    if (brands.length !== 1 || !brands[0]) {
      return page(c, language, <ChooseBrandPage context={neutralContext(language)} brands={brands} />);
    }
    return page(c, language, <AskAddressPage context={pageContext(brands[0], language)} typed="" />);
  });
  app.post(
    '/preferences',
    postingHere(deps, (c, fields) => request(c, deps, fields)),
  );
  app.get('/log-in/code', (c) => showCode(c, deps));
  app.post(
    '/log-in/code',
    postingHere(deps, (c, { code = '' }) => enterByCode(c, deps, code)),
  );
  app.get('/log-in/:token', (c) => showLink(c, deps, c.req.param('token')));
  app.post(
    '/log-in/:token',
    postingHere(deps, (c, { page: nonce = '' }) => enterByLink(c, deps, nonce)),
  );
  app.all('/preferences', only('GET', 'HEAD', 'POST'));
  app.all('/log-in/:token', only('GET', 'HEAD', 'POST'));
  addSessionRoutes(app, deps);
  return app;
}

/** The brand that was asked for, or all there are. */
async function brandsFor(c: Context<WebEnv>, { db, settings }: LoginAppDeps): Promise<Brand[]> {
  const asked = c.req.query('brand');
  const named = asked === undefined ? undefined : await settings.brand(asked);
  if (named) return [named];
  const all = await Promise.all((await listBrands(db)).map((id) => settings.brand(id)));
  return all.filter((brand) => brand !== undefined);
}

async function request(c: Context<WebEnv>, deps: LoginAppDeps, { email = '', brand: brandId = '' }: Fields) {
  const brand = await deps.settings.brand(brandId);
  if (!brand) return explain(c, 404);
  const language = readerLanguage(c, brand.language);
  const context = pageContext(brand, language);
  const parsed = parseEmailAddress(email);
  if (!parsed.ok) {
    return page(c, language, <AskAddressPage context={context} typed={email} fault={parsed.code} />, 422);
  }
  const { userAgent } = visitor(c);
  const requested = await requestLogin(deps, {
    brand,
    language,
    limits: await deps.settings.limits(),
    address: parsed.address,
    ipKey: clientKey(clientIp(c)),
    device: deviceOf(userAgent),
  });
  if (requested.kind === 'too-many') {
    c.header('Retry-After', retryAfter(requested.retryAt));
    return explain(c, 429, undefined, context);
  }
  setCookie(c, NAME, requested.cookie, { ...cookieKind(deps), maxAge: LOGIN_LIFETIME / SECOND });
  return c.redirect(`/log-in/code?brand=${brand.id}&lang=${language}`, 303);
}

function readWaiting(c: Context<WebEnv>, deps: LoginAppDeps) {
  return readLoginCookie(getCookie(c, NAME, cookieKind(deps).prefix) ?? '');
}

/** The page that waits for the mail: whatever we know of the address, it looks the same (T6). */
async function showCode(c: Context<WebEnv>, deps: LoginAppDeps, left?: number) {
  const waiting = readWaiting(c, deps);
  const context = waiting && (await loginContext(c, deps, waiting.loginId));
  if (!context) return closed(c);
  const status = left === undefined ? 200 : 422;
  return page(c, context.language, <CodePage context={context} left={left} />, status);
}

async function enterByCode(c: Context<WebEnv>, deps: LoginAppDeps, code: string) {
  const waiting = readWaiting(c, deps);
  if (!waiting) {
    noteAttempt('code', 'other-browser');
    return closed(c);
  }
  const links = await deps.secrets.linkKeys();
  const outcome = await logInByCode(deps.db, links, { ...waiting, at: now(), code });
  noteAttempt('code', outcome.kind, waiting.loginId);
  return outcome.kind === 'wrong' ? showCode(c, deps, outcome.left) : enter(c, deps, outcome);
}

async function showLink(c: Context<WebEnv>, deps: LoginAppDeps, token: string) {
  const links = await deps.secrets.linkKeys();
  const loginId = readLoginToken(links, token);
  if (loginId === undefined) return unknownLink(c);
  const context = await loginContext(c, deps, loginId);
  if (!context) return closed(c);
  const { language } = context;
  const waiting = readWaiting(c, deps);
  if (!waiting) return page(c, language, <OtherDevicePage context={context} />);
  if (waiting.loginId !== loginId) return page(c, language, <OneOfSeveralPage context={context} />);
  const action = `/log-in/${token}?lang=${language}`;
  const nonce = pageNonce(links, token);
  return page(c, language, <LoginPage context={context} action={action} pageNonce={nonce} />);
}

async function enterByLink(c: Context<WebEnv, '/log-in/:token'>, deps: LoginAppDeps, nonce: string) {
  const token = c.req.param('token');
  const links = await deps.secrets.linkKeys();
  const loginId = readLoginToken(links, token);
  if (loginId === undefined) return unknownLink(c);
  const waiting = readWaiting(c, deps);
  const shown = readPageNonce(links, token, nonce, HOUR);
  if (waiting?.loginId !== loginId) noteAttempt('link', 'other-browser', loginId);
  if (!shown || waiting?.loginId !== loginId) return showLink(c, deps, token);
  const outcome = await logIn(deps.db, { ...waiting, at: now() });
  noteAttempt('link', outcome.kind, loginId);
  return enter(c, deps, outcome);
}

/** Whatever came of it (T15). The id leads to the session, and opens nothing. */
function noteAttempt(
  by: 'link' | 'code',
  outcome: LoggedIn['kind'] | 'wrong' | 'other-browser',
  loginId?: string,
): void {
  log(outcome === 'logged-in' ? 'info' : 'warn', 'login-tried', { by, outcome, loginId });
}

/** Of a log-in that can still be used, in the language it was asked for in. */
async function loginContext(
  c: Context<WebEnv>,
  deps: LoginAppDeps,
  loginId: string,
): Promise<PageContext | undefined> {
  const asked = await readLogin(deps.db, loginId, now());
  const brand = asked && (await deps.settings.brand(asked.brand));
  return brand && pageContext(brand, chooseLanguage(c.req.query('lang'), undefined, asked.language));
}

async function enter(c: Context<WebEnv>, deps: LoginAppDeps, outcome: LoggedIn) {
  if (outcome.kind === 'closed') return closed(c);
  await endPresentSession(c, deps);
  deleteCookie(c, NAME, cookieKind(deps));
  setSession(c, deps, outcome.cookie);
  const wish = knownLanguage.safeParse(c.req.query('lang')).data;
  return c.redirect(`/profile${wish ? `?lang=${wish}` : ''}`, 303);
}

/** Used, expired, guessed too often, or never there: one page for all (T2). */
function closed(c: Context<WebEnv>) {
  const language = readerLanguage(c);
  return page(c, language, <LoginClosedPage context={neutralContext(language)} />, 410);
}
