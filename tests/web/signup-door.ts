import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { handle } from 'hono/aws-lambda';

import { disposableList } from '../../shared/contacts/disposable.ts';
import { nowMs, setClockOffset } from '../../shared/platform/clock.ts';
import type { LinkKeys } from '../../shared/platform/token.ts';
import { demoBrand, demoUses } from '../../shared/settings/demo.ts';
import { demoEventForm, demoNewsletterForm } from '../../shared/settings/demo-forms.ts';
import { policy } from '../../shared/settings/policy.ts';
import { scoring } from '../../shared/settings/scoring.ts';
import { limits } from '../../shared/settings/limits.ts';
import type { Settings } from '../../shared/settings/store.ts';
import { formToken } from '../../shared/signup/guard.ts';
import type { SignupAnswer, SignupRequestInput } from '../../shared/signup/request.ts';
import type { SignupDeps } from '../../web/public/signup-place.ts';
import { createSignupApp } from '../../web/public/signup.tsx';

export const BASE = 'https://assent.example';
export const SITE = 'https://www.nordlicht.example';
export const LINKS: LinkKeys = { current: 'k1', keys: { k1: 'A'.repeat(43) } };
export const THANK_YOU = `${SITE}/danke`;

export const newsletterForm = { ...demoNewsletterForm, version: 3 };
/** Leads to a page of the site by default. */
export const eventForm = {
  ...demoEventForm,
  origins: [SITE],
  thankYouUrls: [THANK_YOU, `${SITE}/bis-bald`],
  version: 1,
};

const FORMS = new Map([newsletterForm, eventForm].map((form) => [form.id, form]));

export const memorySettings: Settings = {
  form: (id) => Promise.resolve(FORMS.get(id)),
  formVersion: (id) => Promise.resolve(FORMS.get(id)),
  brand: (id) => Promise.resolve(id === demoBrand.id ? demoBrand : undefined),
  uses: () => Promise.resolve(demoUses),
  policy: (id) => Promise.resolve(policy.parse({ id })),
  scoring: (id) => Promise.resolve({ ...scoring.parse({ id }), version: 0 }),
  limits: () => Promise.resolve(limits.parse({})),
  wording: () => Promise.resolve(undefined),
};

export type Sent = {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
  ip?: string;
  query?: string;
};
export type Answer = { status: number; headers: Record<string, string>; body: string };

/** An HTTP API event as API Gateway makes it (payload format 2.0). */
export function httpEvent(
  path: string,
  { method = 'GET', headers = {}, body, ip, query }: Sent,
): APIGatewayProxyEventV2 {
  return {
    version: '2.0',
    routeKey: 'ANY /forms/{proxy+}',
    rawPath: path,
    rawQueryString: query ?? '',
    headers: { host: 'assent.example', ...headers },
    requestContext: {
      accountId: '123456789012',
      apiId: 'api',
      domainName: 'assent.example',
      domainPrefix: 'assent',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: ip ?? '203.0.113.7', userAgent: 'test' },
      requestId: 'req-1',
      routeKey: 'ANY /forms/{proxy+}',
      stage: '$default',
      time: '22/Nov/2026:08:00:00 +0000',
      timeEpoch: nowMs(),
    },
    isBase64Encoded: Buffer.isBuffer(body),
    ...(body === undefined ? {} : { body: Buffer.isBuffer(body) ? body.toString('base64') : body }),
  };
}

type Handler = (event: APIGatewayProxyEventV2) => Promise<unknown>;

export async function call(handler: Handler, path: string, sent: Sent = {}): Promise<Answer> {
  const result = (await handler(httpEvent(path, sent))) as {
    statusCode: number;
    headers: Record<string, string>;
    body: string;
    isBase64Encoded: boolean;
  };
  const body = result.isBase64Encoded ? Buffer.from(result.body, 'base64').toString('latin1') : result.body;
  return { status: result.statusCode, headers: result.headers, body };
}

/** The door with settings in memory and a use case that notes what it is asked. */
export function openDoor(overrides: Partial<SignupDeps> = {}, answer: SignupAnswer = { kind: 'accepted' }) {
  const requests: SignupRequestInput[] = [];
  const app = createSignupApp({
    settings: memorySettings,
    baseUrl: BASE,
    linkKeys: () => Promise.resolve(LINKS),
    disposableDomains: () => disposableList(['mailinator.com']),
    requestSignup: (input) => {
      requests.push(input);
      return Promise.resolve(answer);
    },
    ...overrides,
  });
  const handler = handle(app) as Handler;
  return {
    app,
    requests,
    get: (path: string, sent: Sent = {}) => call(handler, path, sent),
    /** Posts as a browser does from our own page. */
    post: (path: string, fields: [string, string][] | Record<string, string>, headers = {}, ip?: string) =>
      call(handler, path, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
        body: new URLSearchParams(fields).toString(),
        ...(ip ? { ip } : {}),
      }),
    postJson: (path: string, document: unknown, headers = {}) =>
      call(handler, path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof document === 'string' ? document : JSON.stringify(document),
      }),
  };
}

/** A timestamp of a form that was shown `age` milliseconds ago. */
export function shownFor(form: { id: string; version: number }, age = 60_000): string {
  setClockOffset(nowMs() - Date.now() - age);
  const token = formToken(LINKS, form);
  setClockOffset(nowMs() - Date.now() + age);
  return token;
}

/** A newsletter sign-up that nothing speaks against. */
export function goodPost(more: Record<string, string> = {}): Record<string, string> {
  return {
    email: 'anna@example.com',
    firstName: 'Anna',
    uses: 'newsletter',
    topics: 'drives',
    lang: 'de',
    website: '',
    ts: shownFor(newsletterForm),
    ...more,
  };
}
