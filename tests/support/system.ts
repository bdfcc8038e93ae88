import { DeleteCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { vi } from 'vitest';

import { addressKey } from '../../shared/contacts/address-key.ts';
import type { Contact } from '../../shared/contacts/contact.ts';
import { parseEmailAddress } from '../../shared/contacts/email-address.ts';
import { readAddress, readContact } from '../../shared/contacts/store.ts';
import type { AddressItem } from '../../shared/contacts/store.ts';
import { MINUTE, now, nowMs, plus, setClockOffset } from '../../shared/platform/clock.ts';
import { newId, randomToken } from '../../shared/platform/ids.ts';
import type { Key, TableName } from '../../shared/platform/keys.ts';
import type { OutgoingMail } from '../../shared/platform/ses.ts';
import type { Secrets } from '../../shared/platform/secrets.ts';
import type { Consumed } from '../../shared/platform/table.ts';
import { publishEntry } from '../../shared/outbox/publish-entry.ts';
import { receiveEvent } from '../../shared/outbox/receive-event.ts';
import { sendDue } from '../../shared/outbox/send-due.ts';
import { sendPendingSignups } from '../../shared/outbox/send-signup.ts';
import { wakeDue } from '../../shared/outbox/wake.ts';
import { evidenceEntry } from '../../shared/permission/evidence.ts';
import { demoBrand } from '../../shared/settings/demo.ts';
import { seedDemo } from '../../shared/settings/seed.ts';
import { openSettings, readSetting, saveSetting } from '../../shared/settings/store.ts';
import type { SettingKind } from '../../shared/settings/store.ts';
import { confirmSignup } from '../../shared/signup/confirm.ts';
import type { ConfirmOutcome } from '../../shared/signup/confirm.ts';
import { pageNonce } from '../../shared/signup/links.ts';
import type { PendingSignup } from '../../shared/signup/pending.ts';
import { requestSignup } from '../../shared/signup/request.ts';
import type { SignupAnswer, SignupRequestInput } from '../../shared/signup/request.ts';
import { readPending } from '../../shared/signup/store.ts';
import { mailTemplates } from '../../web/mail/mail-templates.ts';
import { openTestDatabase } from './engine.ts';

/** What SES answers next: a message id, or an error as the SDK throws it. */
export type SesAnswer = { messageId: string } | Error;
/** What a visitor does; all but the address has a sensible default. */
export type Visit = Partial<Omit<SignupRequestInput, 'form' | 'brand' | 'address' | 'values'>> & {
  form?: 'newsletter' | 'open-house';
  fields?: SignupRequestInput['values']['fields'];
  uses?: string[];
  topics?: string[];
};
export type TestItem = Record<string, unknown> & Key;

export const BRAND = demoBrand.id;
export const CONTROLLER = demoBrand.controller.id;
/** Who presses the buttons in the mails. */
export const CLICK = { ip: '198.51.100.7', userAgent: 'Mozilla/5.0 (click)' };

/** Secrets for one test file. */
export function testSecrets(): Secrets {
  const keys = { current: 'k1', keys: { k1: randomToken() } };
  const [pepper, master, webhooks] = [randomToken(), randomToken(), randomToken()];
  return {
    pepper: () => Promise.resolve(pepper),
    linkKeys: () => Promise.resolve(keys),
    evidenceMaster: () => Promise.resolve(master),
    webhookMaster: () => Promise.resolve(webhooks),
  };
}

/**
 * The domain on a real database with the demo company, a fake SES that remembers what it was given, and a clock
 * that can be moved. `deps` fits every use case.
 */
export async function openTestSystem() {
  const real = await openTestDatabase();
  const calls = { read: 0, write: 0 };
  const db = {
    ...real,
    meter: (operation: 'read' | 'write', consumed: Consumed) => {
      calls[operation] += 1;
      real.meter?.(operation, consumed);
    },
    /** Calls that DynamoDB counted since `reset`. */
    calls: () => ({ ...calls }),
    reset: () => {
      Object.assign(calls, { read: 0, write: 0 });
      real.reset();
    },
  };
  await seedDemo(db);
  const sent: OutgoingMail[] = [];
  const answers: SesAnswer[] = [];
  const taken = new Map<OutgoingMail, string>();
  const send = (mail: OutgoingMail) => {
    const answer = answers.shift() ?? { messageId: newId('ses') };
    if (answer instanceof Error) return Promise.reject(answer);
    sent.push(mail);
    taken.set(mail, answer.messageId);
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
  let visits = 0;

  const keyOf = async (email: string) =>
    addressKey(await deps.secrets.pepper(), `${CONTROLLER}\n${address(email).match}`);

  /** A visitor fills in a form; by default each visit is a new one, from an address of its own. */
  const signUp = async (email: string, visit: Visit = {}): Promise<SignupAnswer> => {
    const { form: formId = 'newsletter', fields = {}, topics = [], uses, ...more } = visit;
    const own = `visit-${(visits += 1)}`;
    const form = await deps.settings.form(formId);
    const brand = await deps.settings.brand(BRAND);
    if (!form || !brand) throw new Error(`no form ${formId}`);
    return requestSignup(deps, {
      form,
      brand,
      limits: await deps.settings.limits(),
      address: address(email),
      values: {
        fields,
        uses: uses ?? form.uses.filter(({ required }) => required).map(({ use }) => use),
        topics,
      },
      language: 'de',
      page: 'https://www.nordlicht.example/aktuelles',
      ip: '203.0.113.9',
      ipKey: own,
      userAgent: 'Mozilla/5.0 (sign-up)',
      formToken: own,
      shownAt: plus(now(), -MINUTE),
      ...more,
    });
  };

  const pendingOf = async (email: string): Promise<PendingSignup | undefined> =>
    readPending(db, BRAND, await keyOf(email));

  /** All items of a table as they are at rest. */
  const dump = async (table: TableName): Promise<TestItem[]> => {
    const items: TestItem[] = [];
    let from: Record<string, unknown> | undefined;
    do {
      const page = await db.client.send(
        new ScanCommand({
          TableName: db.name(table),
          ConsistentRead: true,
          ...(from ? { ExclusiveStartKey: from } : {}),
        }),
      );
      items.push(...((page.Items ?? []) as TestItem[]));
      from = page.LastEvaluatedKey;
    } while (from);
    return items;
  };

  /** What the stream of `outbox` sets off: `mail` looks at every item that asks for it. */
  const work = async () => {
    const waiting = (await dump('outbox')).filter(({ todo }) => todo === 'mail');
    for (const item of waiting) await sendDue(deps, item);
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
    keyOf,
    signUp,
    pendingOf,
    /** When the sign-ups of an address are looked at again. */
    dueAt: async (email: string) => (await pendingOf(email))?.dueAt,
    dump,
    /** What DynamoDB's own expiry does, some time. */
    forget: (table: TableName, { pk, sk }: Key) =>
      db.client.send(new DeleteCommand({ TableName: db.name(table), Key: { pk, sk } })),
    work,
    /** Lets time pass, then does what the clock and the stream after it do. */
    pass: async (ms: number) => {
      advanceClock(ms);
      await wakeDue(db);
      await work();
    },
    /** `mail` looks at the sign-ups of an address, as after any change of its item. */
    look: async (email: string) => sendPendingSignups(deps, BRAND, await keyOf(email)),
    /** What the stream of `ledger` sets off, entry by entry, as often as called. */
    publish: async () => {
      const entries = (await dump('ledger')).filter(({ pk }) => pk.startsWith('C#'));
      for (const item of entries) await publishEntry(deps, evidenceEntry.parse(item));
    },
    /** Mails to one address, oldest first. */
    mailsTo: (email: string) => sent.filter(({ to }) => to === email),
    /** SES tells that the newest mail to an address arrived. */
    arrive: async (email: string) => {
      const mail = sent.findLast(({ to }) => to === email);
      if (!mail) throw new Error(`no mail to ${email}`);
      await receiveEvent(deps, {
        kind: 'delivery',
        messageId: taken.get(mail) ?? '',
        at: now(),
        sentAt: now(),
        sendId: mail.tags['sendId'],
        tenant: CONTROLLER,
        recipients: [email],
        smtpResponse: '250 OK',
      });
    },
    /** The owner opens the page of a link and presses its button. */
    confirm: async (token: string): Promise<ConfirmOutcome> =>
      confirmSignup(deps, { token, pageNonce: pageNonce(await deps.secrets.linkKeys(), token), ...CLICK }),
    pointerOf: async (email: string): Promise<AddressItem | undefined> =>
      readAddress(db, CONTROLLER, await keyOf(email)),
    contactOf: async (email: string): Promise<Contact | undefined> => {
      const pointer = await readAddress(db, CONTROLLER, await keyOf(email));
      return pointer?.contactId ? readContact(db, pointer.contactId) : undefined;
    },
    /** The operator changes a settings document; functions that read it before keep theirs for a minute. */
    set: async (kind: SettingKind, id: string, change: object) => {
      const known = await readSetting(db, kind, id);
      await saveSetting(
        db,
        kind,
        id,
        { ...known?.document, ...change },
        { expected: known?.version ?? 0, actor: 'test', at: now() },
      );
    },
  };
}

/**
 * Moves the clock on. Time never runs backwards in one database: `resetClock` belongs after the last test of it.
 */
export function advanceClock(ms: number): void {
  setClockOffset(nowMs() - Date.now() + ms);
}

export function resetClock(): void {
  setClockOffset(0);
}

/** What is logged from now on: JSON lines, parsed. */
export function captureLog(): Record<string, unknown>[] {
  const lines: Record<string, unknown>[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    const text = String(chunk);
    if (text.startsWith('{')) lines.push(JSON.parse(text) as Record<string, unknown>);
    return true;
  });
  return lines;
}

/** The token of the link in a mail that leads to `/<page>/…`. */
export function linkIn(
  mail: OutgoingMail | undefined,
  page: 'confirm' | 'unsubscribe' | 'undo' | 'preferences',
): string {
  const token = new RegExp(`/${page}/([\\w.-]+)`).exec(mail?.text ?? '')?.[1];
  if (!token) throw new Error(`no ${page} link in the mail`);
  return token;
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

function address(email: string) {
  const parsed = parseEmailAddress(email);
  if (!parsed.ok) throw new Error(`not an address: ${email}`);
  return parsed.address;
}
