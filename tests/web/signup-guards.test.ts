import { describe, expect, test } from 'vitest';

import { HOUR } from '../../shared/platform/clock.ts';
import { formToken } from '../../shared/signup/guard.ts';
import { BASE, LINKS, SITE, eventForm, goodPost, newsletterForm, openDoor, shownFor } from './signup-door.ts';

const fromSite = { origin: SITE, 'sec-fetch-site': 'cross-site' };
const without = (name: string) =>
  Object.fromEntries(Object.entries(goodPost()).filter(([key]) => key !== name));
const token = /name="ts" value="([^"]+)"/;

/** Every door alike: what a guard stops as a page, it stops as JSON (PEERS: listmonk #2038). */
const CASES: [
  string,
  () => Record<string, string>,
  Record<string, string>,
  number,
  string,
  number,
  string,
][] = [
  [
    'no timestamp (the plain copied form)',
    () => without('ts'),
    fromSite,
    200,
    'Bitte sehen Sie Ihre Angaben',
    422,
    '/ts',
  ],
  [
    'a site that is not registered',
    goodPost,
    { origin: 'https://evil.example' },
    200,
    'Bitte sehen Sie Ihre Angaben',
    403,
    '',
  ],
  [
    'a site that hides its origin',
    goodPost,
    { origin: 'null', 'sec-fetch-site': 'cross-site' },
    200,
    'Bitte sehen Sie Ihre Angaben',
    403,
    '',
  ],
  [
    'a forged timestamp',
    () => goodPost({ ts: 'k1.newsletter.zzz.n.mac' }),
    {},
    422,
    'Bitte sehen Sie Ihre Angaben',
    422,
    '/ts',
  ],
  [
    'a timestamp of another form',
    () => goodPost({ ts: shownFor(eventForm) }),
    {},
    422,
    'Bitte sehen Sie Ihre Angaben',
    422,
    '/ts',
  ],
  [
    'a form filled in at once',
    () => goodPost({ ts: formToken(LINKS, newsletterForm) }),
    {},
    422,
    'Das ging sehr schnell',
    422,
    '/ts',
  ],
  [
    'a form open for too long',
    () => goodPost({ ts: shownFor(newsletterForm, 3 * HOUR) }),
    {},
    422,
    'lange geöffnet',
    422,
    '/ts',
  ],
  [
    'a filled honeypot',
    () => goodPost({ website: 'https://spam.example' }),
    {},
    422,
    'leer bleiben soll',
    422,
    '/website',
  ],
];

describe.each(CASES)('%s', (_, fields, headers, htmlStatus, notice, jsonStatus, pointer) => {
  test('T7 shows our own page with all that was typed and a fresh timestamp', async () => {
    const door = openDoor();
    const posted = fields();
    const { status, body } = await door.post('/forms/newsletter', posted, headers);
    expect(status).toBe(htmlStatus);
    expect(body).toContain(notice);
    expect(body).toContain('value="anna@example.com"');
    expect(body).toContain('value="Anna"');
    expect(body).toMatch(/id="use-newsletter"[^>]*checked/);
    expect(body).toMatch(/id="topic-drives"[^>]*checked/);
    expect(body).not.toContain('spam.example');
    expect(token.exec(body)?.[1]).toMatch(/^k1\.newsletter\./);
    expect(token.exec(body)?.[1]).not.toBe(posted['ts']);
    expect(door.requests).toEqual([]);
  });

  test('T7 is told to programs, and nothing is stored', async () => {
    const door = openDoor();
    const answer = await door.postJson('/forms/newsletter', fields(), headers);
    expect(answer.status).toBe(jsonStatus);
    const { errors = [] } = JSON.parse(answer.body);
    expect(errors.map((error: { pointer: string }) => error.pointer)).toEqual(pointer ? [pointer] : []);
    expect(door.requests).toEqual([]);
  });
});

describe('a form that was changed while somebody filled it in', () => {
  const old = () => goodPost({ ts: shownFor({ ...newsletterForm, version: 2 }) });

  test('E1 is shown as it is now, and the consent has to be given anew', async () => {
    const door = openDoor();
    const { status, body } = await door.post('/forms/newsletter', old());
    expect([status, body.includes('Bitte sehen Sie Ihre Angaben')]).toEqual([422, true]);
    expect(body).toContain('value="anna@example.com"');
    expect(body).not.toMatch(/id="use-newsletter"[^>]*checked/);
    expect(door.requests).toEqual([]);
  });

  test('E1 is refused as JSON, so that the site asks for it again', async () => {
    const door = openDoor();
    const { status, body } = await door.postJson('/forms/newsletter', old());
    expect([status, JSON.parse(body).errors[0]]).toEqual([
      422,
      expect.objectContaining({ pointer: '/ts', code: 'changed' }),
    ]);
  });
});

describe('who may post', () => {
  test.each([
    ['our own page', { origin: BASE }],
    ['our own page under no-referrer', { origin: 'null', 'sec-fetch-site': 'same-origin' }],
    ['a registered site', fromSite],
    ['a program', {}],
  ])('T9 %s', async (_, headers) => {
    const door = openDoor();
    expect((await door.post('/forms/newsletter', goodPost(), headers)).status).toBe(303);
    expect((await door.postJson('/forms/newsletter', goodPost(), headers)).status).toBe(202);
    expect(door.requests).toHaveLength(2);
  });

  test('T10 a registered site may read the answer, whatever it is', async () => {
    const door = openDoor();
    const answers = [
      await door.postJson('/forms/newsletter', goodPost(), fromSite),
      await door.postJson('/forms/newsletter', {}, fromSite),
      await door.postJson('/forms/newsletter', '{', fromSite),
    ];
    expect(answers.map(({ status }) => status)).toEqual([202, 422, 400]);
    for (const { headers } of answers) {
      expect(headers['access-control-allow-origin']).toBe(SITE);
      expect(headers['vary']).toContain('Origin');
    }
    const foreign = await door.postJson('/forms/newsletter', {}, { origin: 'https://evil.example' });
    expect(foreign.headers).not.toHaveProperty('access-control-allow-origin');
  });
});
