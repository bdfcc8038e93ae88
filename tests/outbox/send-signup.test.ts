import { afterAll, describe, expect, test } from 'vitest';

import { DAY, HOUR, MINUTE, SECOND, plus } from '../../shared/platform/clock.ts';
import { mailEvidenceOf } from '../../shared/outbox/dispatch.ts';
import { readChoicesToken } from '../../shared/signup/links.ts';
import { advanceClock, linkIn, openTestSystem, resetClock } from '../support/system.ts';

const system = await openTestSystem();
afterAll(resetClock);

const { signUp, work, pass, mailsTo, pendingOf, confirm } = system;
const statesOf = async (email: string) =>
  [...((await pendingOf(email))?.progress.values() ?? [])].map((progress) => progress.state);
const endingsOf = async (email: string) =>
  [...((await pendingOf(email))?.progress.values() ?? [])].flatMap((progress) =>
    progress.state === 'closed' ? [progress.as] : [],
  );

describe('the mail that answers a sign-up', () => {
  test('S3 S4 goes to the one address, tagged without personal data, from the service configuration set', async () => {
    await signUp('Anna.Berger@example.com', { topics: ['drives'], fields: { firstName: 'Anna' } });
    await work();
    const [mail, ...more] = mailsTo('Anna.Berger@example.com');
    expect(more).toEqual([]);
    expect(mail).toMatchObject({
      from: { name: 'Nordlicht Antriebstechnik', address: 'news@nordlicht.example' },
      replyTo: 'service@nordlicht.example',
      configurationSet: 'assent-test-service',
      headers: { 'Auto-Submitted': 'auto-generated' },
      tags: { tenant: 'nordlicht-gmbh', purpose: 'confirmation', mailing: 'confirmation-1' },
    });
    for (const [name, value] of Object.entries(mail?.tags ?? {})) {
      expect(`${name}=${value}`).toMatch(/^[A-Za-z0-9_-]{1,256}=[A-Za-z0-9_-]{1,256}$/);
      expect(value.toLowerCase()).not.toMatch(/anna|berger/);
    }
  });

  test('G6 lists exactly the request and says nothing the visitor typed', async () => {
    const uses = ['newsletter', 'tracking'];
    await signUp('list@example.com', {
      uses,
      topics: ['drives', 'service'],
      fields: { firstName: 'Zaphod' },
      userAgent: 'Beeblebrox',
    });
    await work();
    const [mail] = mailsTo('list@example.com');
    for (const body of [mail?.text, mail?.html]) {
      expect(body).toContain('Newsletter');
      expect(body).toContain('Messung von Öffnungen und Klicks');
      expect(body).toContain('Antriebe');
      expect(body).toContain('Wartung und Service');
      expect(body).not.toContain('Automatisierung');
      expect(body).not.toContain('Persönliches Interessenprofil');
      expect(body).not.toMatch(/Zaphod|Beeblebrox/);
    }
  });

  test('is written in the language of the form', async () => {
    await signUp('english@example.com', { language: 'en', topics: ['drives'] });
    await work();
    expect(mailsTo('english@example.com')[0]?.text).toContain('Drives');
  });

  test('G5 is remembered by hash, template, message id and time; its link is looked at again after 72 h', async () => {
    system.answers.push({ messageId: 'ses-remembered' });
    await signUp('hash@example.com');
    await work();
    const [mail] = mailsTo('hash@example.com');
    const pending = await pendingOf('hash@example.com');
    const [progress] = pending?.progress.values() ?? [];
    const { subject = '', html = '', text = '' } = mail ?? {};
    expect(progress).toMatchObject({
      state: 'sent',
      mail: {
        template: 'confirmation@1',
        sha256: mailEvidenceOf({ template: '', subject, html, text }).sha256,
        messageId: 'ses-remembered',
      },
    });
    const sentAt = progress && 'mail' in progress ? (progress.mail.sentAt ?? '') : '';
    expect(pending?.dueAt).toBe(plus(sentAt, 72 * HOUR));
  });

  test('is sent once, however often and however parallel the item is looked at', async () => {
    await signUp('once@example.com');
    await Promise.all(Array.from({ length: 8 }, () => system.look('once@example.com')));
    await system.look('once@example.com');
    expect(mailsTo('once@example.com')).toHaveLength(1);
    expect(await statesOf('once@example.com')).toEqual(['sent']);
  });
});

describe('T7 limits of a mailbox', () => {
  test('one mail in 15 minutes, three in 24 hours, over all forms', async () => {
    const email = 'limits@example.com';
    for (const topics of [['drives'], ['service'], ['automation'], ['drives', 'service']]) {
      await signUp(email, { topics });
    }
    await signUp(email, { form: 'open-house' });
    await work();
    const minutes = [0];
    for (let minute = 5; minute < 26 * 60 && minutes.length < 5; minute += 5) {
      await pass(5 * MINUTE);
      while (minutes.length < mailsTo(email).length) minutes.push(minute);
    }
    const [, second = 0, third = 0, fourth = 0, fifth = 0] = minutes;
    expect(second).toBeGreaterThanOrEqual(15);
    expect(third - second).toBeGreaterThanOrEqual(15);
    expect(fourth).toBeGreaterThanOrEqual(24 * 60);
    expect(fifth - second).toBeGreaterThanOrEqual(24 * 60);
    expect(fifth).toBeLessThan(25 * 60);
  });

  test('case and +tag share the limit, though each is an identity of its own', async () => {
    const variants = [
      'share@example.com',
      'SHARE@example.com',
      'share+shop@example.com',
      'Share+x@Example.com',
    ];
    for (const variant of variants) {
      await signUp(variant);
      await work();
    }
    expect(variants.flatMap((variant) => mailsTo(variant))).toHaveLength(1);
    expect(await system.keyOf('share+shop@example.com')).not.toBe(await system.keyOf('share@example.com'));
    expect(await statesOf('share+shop@example.com')).toEqual(['deferred']);
    await pass(15 * MINUTE + SECOND);
    expect(variants.flatMap((variant) => mailsTo(variant))).toHaveLength(2);
  });

  test('100 sign-ups of one address: one mail now, later one more for the newest', async () => {
    const email = 'hundred@example.com';
    for (let visit = 0; visit < 100; visit += 1) {
      await expect(signUp(email)).resolves.toEqual({ kind: 'accepted' });
      if (visit % 10 === 0) await work();
    }
    await work();
    expect(mailsTo(email)).toHaveLength(1);
    const newest = [...((await pendingOf(email))?.requests ?? [])].sort(([, a], [, b]) =>
      a.at < b.at ? 1 : -1,
    )[0];
    await pass(15 * MINUTE + SECOND);
    expect(mailsTo(email)).toHaveLength(2);
    expect(mailsTo(email)[1]?.tags['sendId']).toContain(newest?.[0]);
    await pass(2 * DAY);
    expect(mailsTo(email)).toHaveLength(2);
  });

  test('100 sign-ups of one address, the first confirmed meanwhile: no second mail', async () => {
    const email = 'confirmed-meanwhile@example.com';
    for (let visit = 0; visit < 100; visit += 1) {
      await signUp(email);
      if (visit % 10 === 0) await work();
    }
    await work();
    await confirm(linkIn(mailsTo(email)[0], 'confirm'));
    await pass(15 * MINUTE + SECOND);
    await pass(2 * DAY);
    expect(mailsTo(email)).toHaveLength(1);
    expect(await endingsOf(email)).toContain('answered');
  });
});

describe('a stranger’s later request', () => {
  test('waits for its own mail; the first mail confirms exactly the first request', async () => {
    const email = 'stranger@example.com';
    await signUp(email, { topics: ['drives'] });
    await work();
    await signUp(email, { topics: ['service'], uses: ['newsletter', 'profiling'] });
    await work();
    expect(mailsTo(email)).toHaveLength(1);
    await confirm(linkIn(mailsTo(email)[0], 'confirm'));
    const contact = await system.contactOf(email);
    expect(Object.keys(contact?.permissions ?? {})).toEqual(['nordlicht#newsletter']);
    expect(contact?.permissions['nordlicht#newsletter']).toMatchObject({ topics: ['drives'] });

    await pass(15 * MINUTE + SECOND);
    const second = mailsTo(email)[1];
    expect(second?.text).toContain('Persönliches Interessenprofil');
    expect(Object.keys((await system.contactOf(email))?.permissions ?? {})).toEqual(['nordlicht#newsletter']);
  });
});

describe('whom no confirmation mail is sent', () => {
  test('already registered: a mail says so, with a link to the choices, and nothing changes', async () => {
    const email = 'registered@example.com';
    await signUp(email, { topics: ['drives'] });
    await work();
    await confirm(linkIn(mailsTo(email)[0], 'confirm'));
    const before = await system.contactOf(email);
    advanceClock(DAY);
    await signUp(email, { topics: ['drives'] });
    await work();
    const mail = mailsTo(email)[1];
    expect(mail?.tags['mailing']).toBe('already-registered-1');
    const links = await system.deps.secrets.linkKeys();
    expect(readChoicesToken(links, linkIn(mail, 'preferences'))).toEqual({
      contactId: before?.id,
      brand: 'nordlicht',
    });
    expect(mail?.text).not.toContain('/confirm/');
    expect(await system.contactOf(email)).toEqual(before);
    const pending = await pendingOf(email);
    expect(pending?.requests.size).toBe(0);
    expect(pending?.open).toBe(0);
    expect(await endingsOf(email)).toEqual(expect.arrayContaining(['confirmed', 'answered']));
  });
});
