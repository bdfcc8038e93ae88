import { newId, randomToken } from '../../shared/platform/ids.ts';
import type { Key } from '../../shared/platform/keys.ts';
import type { OutgoingMail } from '../../shared/platform/ses.ts';
import type { Secrets } from '../../shared/platform/secrets.ts';
import { setClockOffset } from '../../shared/platform/clock.ts';
import { sendDue } from '../../shared/outbox/send-due.ts';
import { seedDemo } from '../../shared/settings/seed.ts';
import { openSettings } from '../../shared/settings/store.ts';
import { mailTemplates } from '../../web/mail/mail-templates.ts';
import { openTestDatabase } from './engine.ts';

/** What SES answers next: a message id, or an error as the SDK throws it. */
export type SesAnswer = { messageId: string } | Error;

/** Secrets for one test file. */
export function testSecrets(): Secrets {
  const keys = { current: 'k1', keys: { k1: randomToken() } };
  const [pepper, master] = [randomToken(), randomToken()];
  return {
    pepper: () => Promise.resolve(pepper),
    linkKeys: () => Promise.resolve(keys),
    evidenceMaster: () => Promise.resolve(master),
  };
}

/**
 * The domain on a real database with the demo company, a fake SES that remembers what it was given, and a clock
 * that can be moved. `deps` fits every use case.
 */
export async function openTestSystem() {
  const db = await openTestDatabase();
  await seedDemo(db);
  const sent: OutgoingMail[] = [];
  const answers: SesAnswer[] = [];
  const send = (mail: OutgoingMail) => {
    const answer = answers.shift() ?? { messageId: newId('ses') };
    if (answer instanceof Error) return Promise.reject(answer);
    sent.push(mail);
    return Promise.resolve(answer);
  };
  const deps = {
    db,
    secrets: testSecrets(),
    settings: openSettings(db),
    send,
    templates: mailTemplates,
    baseUrl: 'http://127.0.0.1:8787',
    configurationSet: 'assent-test-service',
  };
  return {
    deps,
    /** Mails that SES accepted, oldest first. */
    sent,
    /** What SES answers to the next calls; without it every mail is accepted. */
    answers,
    /** What the `mail` function does when the stream tells it of an outbox item. */
    deliver: (key: Key, image: object) => sendDue(deps, { ...key, ...image }),
    setClock: setClockOffset,
  };
}

/** An error as the AWS SDK throws it. */
export function sdkError(name: string, more: { httpStatusCode?: number; code?: string } = {}): Error {
  const { httpStatusCode, code } = more;
  return Object.assign(new Error(name), {
    name,
    ...(code ? { code } : {}),
    $metadata: httpStatusCode ? { httpStatusCode } : {},
  });
}
