import { afterAll, describe, expect, test } from 'vitest';

import { MINUTE, SECOND, now, plus } from '../../shared/platform/clock.ts';
import { mailEvidenceOf } from '../../shared/outbox/dispatch.ts';
import { receiveEvent } from '../../shared/outbox/receive-event.ts';
import { canonical } from '../../shared/permission/evidence.ts';
import { openPayload } from '../../shared/permission/seal.ts';
import { readEntries } from '../../shared/permission/store.ts';
import { verifyChain } from '../../shared/permission/verify.ts';
import { sha256 } from '../../shared/platform/ids.ts';
import { wordingHash } from '../../shared/settings/form.ts';
import { confirmSignup } from '../../shared/signup/confirm.ts';
import { pageNonce } from '../../shared/signup/links.ts';
import { CLICK, CONTROLLER, advanceClock, linkIn, openTestSystem, resetClock } from '../support/system.ts';

const system = await openTestSystem();
afterAll(resetClock);
const { deps, signUp, work, mailsTo } = system;

const email = 'proof@example.com';
const form = await deps.settings.form('newsletter');
const shownAt = plus(now(), -2 * MINUTE);
system.answers.push({ messageId: 'ses-proof' });
await signUp(email, {
  uses: ['newsletter', 'tracking'],
  topics: ['drives'],
  fields: { firstName: 'Anna', lastName: 'Berger' },
  language: 'en',
  page: 'https://www.nordlicht.example/en/news',
  ip: '203.0.113.9',
  userAgent: 'Mozilla/5.0 (sign-up)',
  shownAt,
});
await work();
const [mail] = mailsTo(email);
await receiveEvent(deps, {
  kind: 'delivery',
  at: now(),
  sentAt: now(),
  messageId: 'ses-proof',
  tenant: CONTROLLER,
  sendId: mail?.tags['sendId'],
  recipients: [email],
  smtpResponse: '250 OK',
});
const token = linkIn(mail, 'confirm');
advanceClock(10 * MINUTE);
const pageShownAt = now();
const nonce = pageNonce(await deps.secrets.linkKeys(), token);
advanceClock(20 * SECOND);
await confirmSignup(deps, { token, pageNonce: nonce, ...CLICK });

const contact = await system.contactOf(email);
const [entry, ...more] = await readEntries(deps.db, contact?.id ?? '');
const payload = openPayload(
  await deps.secrets.evidenceMaster(),
  contact?.salt ?? '',
  { contactId: contact?.id ?? '', seq: 1 },
  entry?.sealed ?? '',
);
const wording = (use: string) =>
  wordingHash(form?.uses.find((offered) => offered.use === use)?.wording.en ?? '');

describe('E1 the evidence of a confirmation', () => {
  test('is one entry that begins an unbroken chain', () => {
    expect(more).toEqual([]);
    expect(entry && verifyChain([entry], contact?.head)).toMatchObject({ ok: true, entries: 1 });
  });

  test('says who did what, by which route, for whom', () => {
    expect(entry).toMatchObject({
      type: 'granted',
      actor: { kind: 'person' },
      route: 'double-opt-in',
      controller: CONTROLLER,
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    });
    expect((entry?.at ?? '') >= plus(pageShownAt, 20 * SECOND)).toBe(true);
  });

  test('names each use with its wording, topics, form and proof', () => {
    const common = {
      brand: 'nordlicht',
      from: 'unclear',
      to: 'granted',
      form: { id: 'newsletter', version: 1 },
    };
    expect(entry?.changes).toEqual([
      { ...common, use: 'newsletter', topics: ['drives'], wording: wording('newsletter'), proof: 'double' },
      { ...common, use: 'tracking', topics: [], wording: wording('tracking'), proof: 'double' },
    ]);
  });

  test('G5 holds the sign-up: instants, form and wordings by SHA-256, boxes, language, model, privacy notice', async () => {
    expect(entry?.signup).toEqual({
      requestId: expect.stringMatching(/^[0-9a-f]{32}$/),
      requestedAt: expect.any(String),
      formShownAt: shownAt,
      form: { id: 'newsletter', version: 1, sha256: sha256(canonical(form ?? {})) },
      boxes: { newsletter: wording('newsletter'), tracking: wording('tracking') },
      topics: ['drives'],
      language: 'en',
      model: 'double-opt-in',
      privacyNotice: { version: '2026-10', url: 'https://www.nordlicht.example/en/privacy' },
      confirmPageShownAt: expect.any(String),
    });
    expect(Date.parse(entry?.signup?.confirmPageShownAt ?? '') - Date.parse(pageShownAt)).toBeLessThan(
      SECOND,
    );
    const text = await deps.settings.wording(entry?.signup?.boxes['newsletter'] ?? '');
    expect(text).toContain('please e-mail me');
  });

  test('G5 holds the mail: template, hash of subject, HTML and text, message id, sent and delivered', () => {
    const { subject = '', html = '', text = '' } = mail ?? {};
    expect(entry?.mail).toEqual({
      template: 'confirmation@1',
      sha256: mailEvidenceOf({ template: '', subject, html, text }).sha256,
      startedAt: expect.any(String),
      sentAt: expect.any(String),
      messageId: 'ses-proof',
      deliveredAt: expect.any(String),
    });
  });

  test('seals everything personal, and only there it is found', () => {
    expect(payload).toEqual({
      address: email,
      page: 'https://www.nordlicht.example/en/news',
      fields: { firstName: 'Anna', lastName: 'Berger' },
      signup: { ip: '203.0.113.9', userAgent: 'Mozilla/5.0 (sign-up)' },
      ...CLICK,
      salt: expect.any(String),
    });
    expect(sha256(canonical(payload))).toBe(entry?.payloadHash);
    const open = JSON.stringify({ ...entry, sealed: '' });
    expect(open).not.toMatch(/proof@example|Anna|Berger|203\.0\.113|198\.51\.100|Mozilla|en\/news/);
  });
});

test('T2 the token itself is in no table', async () => {
  const all = await Promise.all((['ledger', 'contacts', 'outbox'] as const).map(system.dump));
  expect(JSON.stringify(all)).not.toContain(token.split('.').at(-1));
});
