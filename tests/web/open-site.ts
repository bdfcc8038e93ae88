import { DeleteCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { Hono } from 'hono';

import { createRouter } from '../../infra/local/api-gateway-routes.ts';
import { disposableList } from '../../shared/contacts/disposable.ts';
import { readContact } from '../../shared/contacts/store.ts';
import { publishEntry } from '../../shared/outbox/publish-entry.ts';
import { canonical, evidenceEntry } from '../../shared/permission/evidence.ts';
import { readEntries } from '../../shared/permission/store.ts';
import { SECOND, now } from '../../shared/platform/clock.ts';
import { keys } from '../../shared/platform/keys.ts';
import type { TableName } from '../../shared/platform/keys.ts';
import { write } from '../../shared/platform/table.ts';
import type { Database } from '../../shared/platform/table.ts';
import { newSession } from '../../shared/preferences/session-store.ts';
import { readUnsubscribeToken } from '../../shared/signup/links.ts';
import { requestSignup } from '../../shared/signup/request.ts';
import type { WebEnv } from '../../web/request.ts';
import { createConfirmApp } from '../../web/public/confirm.tsx';
import { createEraseApp } from '../../web/public/erase.tsx';
import { createExportApp } from '../../web/public/export.tsx';
import { createHistoryApp } from '../../web/public/history.tsx';
import { createInterestsApp } from '../../web/public/interests.tsx';
import { createLoginApp } from '../../web/public/log-in.tsx';
import { createPreferencesApp } from '../../web/public/preferences.tsx';
import { createProfileApp } from '../../web/public/profile.tsx';
import { createRightsApp } from '../../web/public/rights.tsx';
import { createSignupApp } from '../../web/public/signup.tsx';
import { createUnsubscribeApp } from '../../web/public/unsubscribe.tsx';
import { openTestSystem } from '../support/system.ts';

const FORM = 'application/x-www-form-urlencoded';
/** What API Gateway tells of a request. */
const bindings = (sourceIp: string) => ({
  event: { requestContext: { requestId: 'req-1', http: { sourceIp } } },
});

/** An answer with what tests look at in a page. */
export type Shown = {
  status: number;
  headers: Headers;
  body: string;
  /** Language and heading of the page. */
  lang: string;
  heading: string;
  /** Value of a hidden field, or '' where the page has none. */
  hidden(name: string): string;
};

export type Site = Awaited<ReturnType<typeof openSite>>;

/** The apps of all public pages behind the routes of the HTTP API; what streams would do is done by `settle`. */
export async function openSite() {
  const system = await openTestSystem();
  const { db, secrets, settings } = system.deps;
  const site = serveApps(system.deps, db);
  const published = new Set<string>();
  let offset = 0;
  let visitors = 0;

  const advance = (ms: number) => {
    offset += ms;
    system.setClock(offset);
  };
  const scan = (table: TableName) => scanTable(db, table);

  /** Sends the mails that wait and writes those that follow, until nothing is left to do. */
  const settle = async (): Promise<void> => {
    const waiting = (await scan('outbox')).filter(({ todo }) => todo === 'mail');
    for (const item of waiting)
      await system.deliver({ pk: String(item['pk']), sk: String(item['sk']) }, item);
    const fresh = (await scan('ledger'))
      .filter(({ pk }) => String(pk).startsWith('C#'))
      .map((item) => evidenceEntry.parse(item))
      .filter(({ hash }) => !published.has(hash));
    for (const entry of fresh) {
      published.add(entry.hash);
      await publishEntry(system.deps, entry);
    }
    if (waiting.length + fresh.length > 0) await settle();
  };

  /** Fills in a form as a person does and waits for the mail; answers the path of its link. */
  const signUp = async (email: string, more: SignupFields = {}): Promise<string> => {
    const { form = 'newsletter', ...fields } = more;
    const shown = await site.get(`/forms/${form}`);
    advance(10 * SECOND);
    const known = system.sent.length;
    const posted = { uses: 'newsletter', lang: 'de', ...fields, email, website: '', ts: shown.hidden('ts') };
    // A network of its own for everybody: the limit of sign-ups per network is not what these tests are about.
    const answer = await site.post(
      `/forms/${form}`,
      posted,
      {},
      `2001:db8:${(visitors += 1).toString(16)}::1`,
    );
    if (answer.status !== 303) throw new Error(`the sign-up was answered ${answer.status}`);
    await settle();
    return linkIn(system.sent.slice(known), email, 'confirm');
  };

  /** Signs up and confirms; answers the person's unsubscribe link and id. */
  const subscribe = async (email: string, more: SignupFields = {}) => {
    const confirm = await signUp(email, more);
    await system.arrive(email);
    const page = (await site.get(confirm)).hidden('page');
    const known = system.sent.length;
    const { heading } = await site.post(confirm, { page });
    await settle();
    const unsubscribe = linkIn(system.sent.slice(known), email, 'unsubscribe');
    const token = unsubscribe.slice('/unsubscribe/'.length);
    const { contactId = '' } = readUnsubscribeToken(await secrets.linkKeys(), token) ?? {};
    return { confirm, unsubscribe, token, contactId, heading };
  };

  return {
    ...site,
    db,
    secrets,
    settings,
    deps: system.deps,
    sent: system.sent,
    advance,
    settle,
    signUp,
    subscribe,
    /** A log-in that has just happened; the header that a browser then sends. */
    logIn: async (contactId: string) => {
      const contact = await readContact(db, contactId);
      const { cookie, put } = newSession({
        contactId,
        controller: contact?.controller ?? '',
        brand: 'nordlicht',
        addressKey: contact?.addressKey ?? '',
        since: now(),
        device: 'Firefox, Windows',
        loginId: 'a'.repeat(32),
      });
      await write(db, put);
      return { cookie: `assent-session=${cookie}` };
    },
    contact: (contactId: string) => readContact(db, contactId),
    entries: (contactId: string) => readEntries(db, contactId),
    /** The status of a use of the demo brand. */
    status: async (contactId: string, use = 'newsletter') =>
      (await readContact(db, contactId))?.permissions[`nordlicht#${use}`]?.status,
    /** Nobody is left behind this id, as after an erasure. */
    erase: async (contactId: string) => {
      const Key = keys.contact(contactId);
      await db.client.send(new DeleteCommand({ TableName: db.name('contacts'), Key }));
    },
    /** Everything stored that a request could change, one text per item. */
    stored: async () => {
      const items = [...(await scan('contacts')), ...(await scan('ledger')), ...(await scan('outbox'))];
      return items.map((item) => canonical(item)).sort();
    },
  };
}

type SignupFields = { form?: string; [field: string]: string | string[] | undefined };
type Fields = Record<string, string | string[] | undefined>;
type Deps = Omit<Awaited<ReturnType<typeof openTestSystem>>['deps'], 'db'>;

/** The apps on a database of the caller's choice. */
export function serveApps({ secrets, settings, baseUrl }: Deps, db: Database) {
  const apps = {
    confirm: createConfirmApp({ db, secrets, settings }),
    unsubscribe: createUnsubscribeApp({ db, secrets, settings }),
    preferences: createPreferencesApp({ db, secrets, settings, baseUrl }),
    'log-in': createLoginApp({ db, secrets, settings, baseUrl }),
    profile: createProfileApp({ db, secrets, settings, baseUrl }),
    history: createHistoryApp({ db, secrets, settings, baseUrl }),
    interests: createInterestsApp({ db, secrets, settings, baseUrl }),
    rights: createRightsApp({ db, secrets, settings, baseUrl }),
    export: createExportApp({ db, secrets, settings, baseUrl }),
    erase: createEraseApp({ db, secrets, settings, baseUrl }),
    signup: createSignupApp({
      settings,
      baseUrl,
      linkKeys: secrets.linkKeys,
      disposableDomains: () => disposableList(['mailinator.com']),
      requestSignup: (input) => requestSignup({ db, secrets }, input),
    }),
  };
  const byFunction = new Map<string, Hono<WebEnv>>(Object.entries(apps));
  const route = createRouter();
  const send = async (path: string, init: RequestInit = {}, ip = '203.0.113.7'): Promise<Shown> => {
    const url = new URL(`${baseUrl}${path}`);
    const app = byFunction.get(route(url.pathname)?.function ?? '');
    if (!app) throw new Error(`no app serves ${path}`);
    return show(await app.request(url.href, init, bindings(ip)));
  };
  return {
    apps,
    send,
    get: (path: string, headers: Record<string, string> = {}) => send(path, { headers }),
    post: (path: string, fields: Fields = {}, headers: Record<string, string> = {}, ip?: string) => {
      const body = encode(fields).toString();
      return send(path, { method: 'POST', headers: { 'content-type': FORM, ...headers }, body }, ip);
    },
  };
}

async function show(response: Response): Promise<Shown> {
  const body = await response.text();
  const inputs = [...body.matchAll(/<input\b[^>]*type="hidden"[^>]*>/g)].map(([tag]) => tag);
  return {
    status: response.status,
    headers: response.headers,
    body,
    lang: /<html lang="([^"]*)"/.exec(body)?.[1] ?? '',
    heading: /<h1[^>]*>(.*?)<\/h1>/s.exec(body)?.[1] ?? '',
    hidden: (name) => {
      const input = inputs.find((tag) => tag.includes(`name="${name}"`));
      return /value="([^"]*)"/.exec(input ?? '')?.[1] ?? '';
    },
  };
}

function encode(fields: Fields): URLSearchParams {
  const pairs = Object.entries(fields).flatMap(([name, value = []]) =>
    [value].flat().map((one): [string, string] => [name, one]),
  );
  return new URLSearchParams(pairs);
}

function linkIn(mails: readonly { to: string; text: string }[], to: string, kind: string): string {
  const text = mails.find((mail) => mail.to === to && mail.text.includes(`/${kind}/`))?.text;
  const path = new RegExp(`/${kind}/[\\w.-]+`).exec(text ?? '')?.[0];
  if (!path) throw new Error(`no mail with a ${kind} link came`);
  return path;
}

async function scanTable(db: Database, table: TableName): Promise<Record<string, unknown>[]> {
  const { Items = [] } = await db.client.send(
    new ScanCommand({ TableName: db.name(table), ConsistentRead: true }),
  );
  return Items;
}
