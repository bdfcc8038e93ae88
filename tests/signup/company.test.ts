import { afterAll, describe, expect, test } from 'vitest';

import { saveAccount } from '../../shared/contacts/save-account.ts';
import { typedAddress } from '../../shared/contacts/told.ts';
import { now } from '../../shared/platform/clock.ts';
import { sendPendingSignups } from '../../shared/outbox/send-signup.ts';
import { makeKnown } from '../../shared/permission/make-known.ts';
import type { MakeKnownInput } from '../../shared/permission/make-known.ts';
import { readEntries } from '../../shared/permission/store.ts';
import type { AccountClass } from '../../shared/settings/account-class.ts';
import { createConfirmApp } from '../../web/public/confirm.tsx';
import type { Visit } from '../support/system.ts';
import { BRAND, CONTROLLER, linkIn, openTestSystem, resetClock } from '../support/system.ts';

const system = await openTestSystem();
afterAll(resetClock);
const { deps } = system;

let companies = 0;
/** A company with a domain of its own, and one of its people. */
async function company(accountClass: AccountClass) {
  const domain = `company-${(companies += 1)}.example`;
  const told = { name: domain, class: accountClass, domains: [domain] };
  const { account } = await saveAccount(deps, { controller: CONTROLLER, told, at: now() });
  return { account, email: `anna@${domain}` };
}
async function mailAfter(email: string, visit: Visit = {}) {
  await system.signUp(email, visit);
  await system.work();
  return system.mailsTo(email).at(-1);
}
const confirm = async (email: string, visit?: Visit) =>
  system.confirm(linkIn(await mailAfter(email, visit), 'confirm'));
const permissionsOf = async (email: string) => (await system.contactOf(email))?.permissions;
const templates = async (email: string) =>
  (await readEntries(deps.db, (await system.contactOf(email))?.id ?? '')).map(({ mail }) => mail?.template);
/** Somebody whom one of us entered, for an account or for none. */
const linkedTo = (email: string, accountId?: string): MakeKnownInput => ({
  controller: CONTROLLER,
  identity: { email: typedAddress.parse(email) },
  source: { kind: 'staff', id: 'u-1' },
  told: { accountId },
  toldBy: 'staff',
  actor: { kind: 'staff', id: 'u-1' },
  at: now(),
});
const NEWSLETTER = 'nordlicht#newsletter';
const EVENT = 'nordlicht#event-invitation';
const inGermany = { form: 'open-house', fields: { lastName: 'Berger', country: 'DE' } } as const;

describe('the company of somebody who confirms (DOMAIN 1)', () => {
  test.each(['prospect', 'customer', 'partner', 'consultant', 'neutral', 'unknown'] as const)(
    'is that of the exact domain: %s',
    async (accountClass) => {
      const { account, email } = await company(accountClass);
      expect(await confirm(email)).toMatchObject({ kind: 'confirmed', granted: ['newsletter'] });
      expect(await system.contactOf(email)).toMatchObject({ accountId: account.id });
      expect((await permissionsOf(email))?.[NEWSLETTER]?.status).toBe('granted');
    },
  );

  test('is none for a domain below or above it', async () => {
    const { email } = await company('competitor');
    const [, domain = ''] = email.split('@');
    for (const other of [`anna@sales.${domain}`, `anna@x${domain}`]) {
      expect(await confirm(other)).toMatchObject({ kind: 'confirmed' });
      expect((await system.contactOf(other))?.accountId).toBeUndefined();
    }
  });

  test('stays the one that we linked, whatever the domain says; a contact known before is linked', async () => {
    const { email, account } = await company('customer');
    const { account: ours } = await company('partner');
    await makeKnown(deps, linkedTo(email, ours.id));
    await confirm(email);
    expect(await system.contactOf(email)).toMatchObject({ accountId: ours.id, languageFrom: 'person' });
    const other = email.replace('anna', 'berta');
    await makeKnown(deps, linkedTo(other));
    await confirm(other);
    expect(await system.contactOf(other)).toMatchObject({ accountId: account.id });
  });
});

describe('a competitor who signs up (DOMAIN 4)', () => {
  test('waits for one of us after the click, and gets no welcome', async () => {
    const { account, email } = await company('competitor');
    const token = linkIn(await mailAfter(email), 'confirm');
    expect(await system.confirm(token)).toMatchObject({ kind: 'under-review' });
    const contact = await system.contactOf(email);
    expect(contact).toMatchObject({ accountId: account.id, permissions: {} });
    expect(contact?.reviews?.[NEWSLETTER]).toMatchObject({ why: 'competitor', proof: 'double' });
    const [entry] = await readEntries(deps.db, contact?.id ?? '');
    expect(entry).toMatchObject({ type: 'review', route: 'double-opt-in', actor: { kind: 'person' } });
    await system.publish();
    await system.work();
    expect(system.mailsTo(email)).toHaveLength(1);
    const page = await createConfirmApp(deps).request(`/confirm/${token}?lang=en`);
    expect(await page.text()).toContain('we will check your sign-up');
  });

  test('gets no "registered" mail where a confirmed opt-in would do: it is asked for the click', async () => {
    const { email } = await company('competitor');
    const token = linkIn(await mailAfter(email, inGermany), 'confirm');
    expect(await system.contactOf(email)).toBeUndefined();
    expect(await system.confirm(token)).toMatchObject({ kind: 'under-review' });
    expect(await templates(email)).toEqual([expect.stringMatching(/^confirmation@/)]);
    // The same without a competitor: granted as soon as the mail is accepted.
    const { email: prospect } = await company('prospect');
    await mailAfter(prospect, inGermany);
    expect((await permissionsOf(prospect))?.[EVENT]?.status).toBe('granted');
    expect(await templates(prospect)).toEqual([expect.stringMatching(/^registered@/)]);
  });

  test('who became one after the mail was planned is granted nothing without a click', async () => {
    const { account, email } = await company('prospect');
    const told = { class: 'competitor' } as const;
    await system.signUp(email, inGermany);
    const meanwhile = {
      ...deps,
      send: async (...mail: Parameters<typeof deps.send>) => {
        await saveAccount(deps, { controller: CONTROLLER, id: account.id, told, at: now() });
        return deps.send(...mail);
      },
    };
    await sendPendingSignups(meanwhile, BRAND, await system.keyOf(email));
    expect(await system.contactOf(email)).toBeUndefined();
    expect(await system.confirm(linkIn(system.mailsTo(email)[0], 'confirm'))).toMatchObject({
      kind: 'under-review',
    });
  });

  test('may be granted what is no mail; nothing tells it that the rest is decided', async () => {
    const { email } = await company('competitor');
    const token = linkIn(await mailAfter(email, { uses: ['newsletter', 'tracking'] }), 'confirm');
    expect(await system.confirm(token)).toMatchObject({ granted: ['tracking'], review: ['newsletter'] });
    expect(await system.confirm(token)).toMatchObject({ kind: 'under-review' });
    expect(Object.keys((await permissionsOf(email)) ?? {})).toEqual(['nordlicht#tracking']);
    await system.publish();
    await system.work();
    expect(system.mailsTo(email)).toHaveLength(1);
  });

  test('is one also by its domain alone, whatever account we linked', async () => {
    const { account } = await company('customer');
    const { email } = await company('competitor');
    await makeKnown(deps, linkedTo(email, account.id));
    expect(await confirm(email)).toMatchObject({ kind: 'under-review' });
    expect((await system.contactOf(email))?.accountId).toBe(account.id);
  });

  test('is one also by the account that we linked', async () => {
    const { account } = await company('competitor');
    const email = 'anna@freelance.example';
    await makeKnown(deps, linkedTo(email, account.id));
    expect(await confirm(email)).toMatchObject({ kind: 'under-review' });
    expect(await permissionsOf(email)).toEqual({});
  });
});
