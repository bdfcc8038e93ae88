import { DAY, MINUTE } from '../../shared/platform/clock.ts';
import type { Visitor } from '../support/visitor.ts';
import type { Shown } from '../web/open-site.ts';

type State = (who: Visitor) => Promise<Shown>;

/** Changes nothing, so that one visitor can see all of it. */
const LOOKING: Record<string, State> = {
  profile: ({ see }) => see('/profile'),
  'profile-unchanged': ({ act }) => act('/profile'),
  'profile-faults': ({ act }) =>
    act('/profile', {
      'shown.company': '',
      company: 'www.evil.example',
      'shown.jobTitle': '',
      jobTitle: 'x'.repeat(81),
      'shown.phone': '',
      phone: '0431 1234',
      'shown.country': '',
      country: 'XX',
      'shown.city': 'Husum',
      city: 'Kiel',
    }),
  address: ({ see }) => see('/profile/address'),
  'address-missing': ({ act }) => act('/profile/address', { email: '' }),
  'address-invalid': ({ act }) => act('/profile/address', { email: 'anna@' }),
  'address-same': ({ act, email }) => act('/profile/address', { email }),
  'history-empty': ({ see }) => see('/history?before=2020-01-01T00:00:00.000Z'),
  'receipt-agreed': ({ see }) => see('/history/receipt/1'),
  'receipt-of-nothing': ({ see }) => see('/history/receipt/99'),
  rights: ({ see }) => see('/rights'),
  'rights-restrict': ({ see }) => see('/rights/restrict'),
  'rights-restrict-too-long': ({ act }) => act('/rights/restrict', { text: 'x'.repeat(2001) }),
  'rights-ask': ({ see }) => see('/rights/requests'),
  'rights-ask-nothing': (who) => ask(who, ''),
  erase: ({ see }) => see('/rights/erase'),
  'erase-unsure': ({ act }) => act('/rights/erase'),
  choices: ({ see, choices }) => see(choices),
  unsubscribe: ({ see, unsubscribe }) => see(unsubscribe),
  'confirmed-before': ({ see, confirm }) => see(confirm),
  'link-unknown': ({ see }) => see('/confirm/none'),
  'log-in-missing': ({ act }) => act('/preferences', { brand: 'nordlicht', email: '' }),
  'log-in-too-many': ({ act }) =>
    untilRefused(() => act('/preferences', { brand: 'nordlicht', email: 'often@example.com' })),
};

const TELLING: Record<string, State> = {
  'profile-known': async ({ know, see }) => {
    await know('lastName', 'Berger', 'form');
    await know('company', 'Husumer Förderbandmanufaktur und Verpackungsmaschinenbau GmbH', 'crm');
    await know('department', 'Instandhaltung', 'import');
    await know('city', 'Husum', 'enrichment');
    return see('/profile');
  },
  'profile-assessed': async ({ assess, see }) => {
    const from = { source: 'staff', at: '2026-11-12T08:00:00.000Z' } as const;
    await assess({
      position: { value: 'head', ...from },
      decisionAuthority: { value: 'shared', ...from },
      buyingRole: { value: 'decider', ...from },
    });
    return see('/profile');
  },
  'profile-saved': ({ act }) => act('/profile', { 'shown.phone': '', phone: '+49 431 123456' }),
  'profile-skipped': ({ act }) => act('/profile', { 'skip.jobTitle': 'on', 'skip.postcode': 'on' }),
  'profile-nothing-asked': ({ see }) => see('/profile'),
};

const MOVING: Record<string, State> = {
  'address-asked': (who) => askForAddress(who, 'new'),
  'address-confirm': async (who) => who.see(await who.mailed('address', `new-${who.email}`)),
  'address-changed': async (who) => who.act(await who.mailed('address', `new-${who.email}`)),
  'address-closed': async (who) => who.see(await who.mailed('address', `new-${who.email}`)),
};

const MOVING_IN_VAIN: Record<string, State> = {
  'address-too-many': (who) => untilRefused(() => askForAddress(who, 'often')),
  'address-taken': async (who) => {
    await askForAddress(who, 'taken');
    const link = await who.mailed('address', `taken-${who.email}`);
    who.site.advance(DAY);
    await who.site.subscribe(`taken-${who.email}`);
    return who.act(link);
  },
};

const LEAVING: Record<string, State> = {
  'unsubscribed-topic': ({ act, unsubscribe }) => act(unsubscribe, { scope: 'topic.drives' }),
  'receipt-left': ({ see }) => see('/history/receipt/2'),
  'unsubscribed-use': ({ act, unsubscribe }) => act(unsubscribe, { scope: 'use', reason: 'too-many' }),
  'unsubscribe-rest': ({ see, unsubscribe }) => see(unsubscribe),
  'unsubscribed-brand': ({ act, unsubscribe }) => act(unsubscribe, { scope: 'brand' }),
  'unsubscribed-all': ({ act, unsubscribe }) => act(unsubscribe, { scope: 'all' }),
  'unsubscribed-before': ({ see, unsubscribe }) => see(unsubscribe),
};

const ASKING: Record<string, State> = {
  'rights-asked': (who) => ask(who, 'Woher haben Sie meine Telefonnummer?'),
  'rights-ask-too-often': async (who) => {
    for (const text of ['zwei', 'drei', 'vier', 'fünf']) await ask(who, text);
    return ask(who, 'sechs');
  },
  'rights-restricting': ({ act }) => act('/rights/restrict', { text: 'Die Firma stimmt nicht.' }),
  'rights-restricted': ({ see }) => see('/rights'),
  'choices-restricted': ({ see, choices }) => see(choices),
  'rights-objecting': ({ act }) => act('/rights', {}, '/rights/object'),
  'rights-objected': ({ see }) => see('/rights'),
  'choices-objected': ({ see, choices }) => see(choices),
};

const LIVING: Record<string, State> = {
  'choices-saved': async ({ receive, act, choices }) => {
    await receive();
    return act(choices, {
      'was.uses': 'tracking',
      'was.language': 'de',
      language: 'en',
      pause: '3',
      wish: 'weekly',
    });
  },
  'choices-paused': ({ see, choices }) => see(choices),
  history: async ({ act, choices, see }) => {
    await act(choices, { 'was.pausedUntil': '2099-01-01T00:00:00.000Z', pause: '' });
    await act('/rights', {}, '/rights/object');
    await act('/rights/restrict');
    return see('/history');
  },
  'history-long': async ({ act, choices, see }) => {
    for (let times = 0; times < 26; times += 1) {
      await act(choices, { 'was.wish': 'weekly', wish: 'monthly' });
      await act(choices, { 'was.wish': 'monthly', wish: 'weekly' });
    }
    const first = await see('/history');
    if (!first.body.includes('/history?before=')) throw new Error('the history is not long enough');
    return first;
  },
};

const ERASING: Record<string, State> = {
  erased: ({ act }) => act('/rights/erase', { sure: 'on' }),
  'erased-choices': ({ see, choices }) => see(choices),
  'erased-unsubscribe': ({ see, unsubscribe }) => see(unsubscribe),
};

const LOGGED_IN: Record<string, State> = {
  'logged-out': ({ act }) => act('/sessions', {}, '/sessions/end'),
  sessions: async ({ logInAgain, see }) => {
    await logInAgain();
    await logInAgain();
    return see('/sessions');
  },
  'logged-out-everywhere': ({ act }) => act('/sessions', {}, '/sessions/end-all'),
  'session-not-fresh': async ({ site, logInAgain, see }) => {
    await logInAgain();
    site.advance(10 * MINUTE);
    await see('/sessions');
    site.advance(10 * MINUTE);
    return see('/rights/erase');
  },
  'session-ended': ({ site, see }) => {
    site.advance(DAY);
    return see('/profile');
  },
};

/**
 * The states that only a visit brings about, each journey by one visitor in this order; what a component alone can
 * show is in the gallery.
 */
export const JOURNEYS = [
  LOOKING,
  TELLING,
  MOVING,
  MOVING_IN_VAIN,
  LEAVING,
  ASKING,
  LIVING,
  ERASING,
  LOGGED_IN,
] as const;

function ask({ act }: Visitor, text: string): Promise<Shown> {
  return act('/rights/requests', { kind: 'question', text });
}

async function askForAddress({ act, site, email }: Visitor, local: string): Promise<Shown> {
  const answer = await act('/profile/address', { email: `${local}-${email}` });
  await site.settle();
  return answer;
}

async function untilRefused(act: () => Promise<Shown>): Promise<Shown> {
  for (let times = 0; times < 50; times += 1) {
    const answer = await act();
    if (answer.status === 429) return answer;
  }
  throw new Error('there is no limit');
}
