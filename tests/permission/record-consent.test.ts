import { beforeAll, describe, expect, test } from 'vitest';

import { permissionKey } from '../../shared/contacts/contact.ts';
import type { Contact } from '../../shared/contacts/contact.ts';
import { DAY, MINUTE, now, plus } from '../../shared/platform/clock.ts';
import { sha256 } from '../../shared/platform/ids.ts';
import { blockContact } from '../../shared/permission/block.ts';
import { record } from '../../shared/permission/record.ts';
import { recordConsent } from '../../shared/permission/record-consent.ts';
import { openPayload } from '../../shared/permission/seal.ts';
import { permissionOf } from '../../shared/permission/status.ts';
import { readEntries } from '../../shared/permission/store.ts';
import { SPEAKS_FOR, toldConsent } from '../../shared/permission/told-consent.ts';
import type { ToldConsent } from '../../shared/permission/told-consent.ts';
import { withdraw } from '../../shared/permission/withdraw.ts';
import type { Use } from '../../shared/settings/uses.ts';
import {
  PERSON,
  brand,
  createPerson,
  draft,
  granted,
  newPerson,
  openLedger,
  recorded,
  reread,
  uses,
} from './person.ts';
import type { Deps } from './person.ts';

let deps: Deps;
beforeAll(async () => {
  deps = await openLedger();
});

type Kind = ToldConsent['kind'];
const YESTERDAY = plus(now(), -DAY);
const SCAN = sha256('a scan');
const SCRIPT = 'May Nordlicht call you about drives?\nYou can say no at any time.';
const USE_OF: Record<Use['channel'], string> = {
  email: 'newsletter',
  phone: 'call-centre',
  post: 'direct-mail',
  data: 'tracking',
};
const place = (use: string) => ({ brand: brand.id, use, actor: 'k.lund' });
const DETAILS = {
  claimed: { via: 'paper', source: 'Stand form, fair of Hannover', collectedAt: YESTERDAY, document: SCAN },
  'presumed-interest': { matter: 'Gear for mixers', act: 'asked for a call back', source: 'Fair report 12' },
  'existing-customer': {
    saleRef: 'A-1042',
    productGroup: 'gears',
    noticeShownAt: YESTERDAY,
    noticeVersion: '2026-10',
  },
  implied: { impliedKind: 'inquiry', anchorAt: YESTERDAY },
  'business-card': { receivedAt: YESTERDAY, occasion: 'Fair of Hannover' },
  oral: {
    name: 'Anna Berger',
    address: 'Kai 3, Kiel',
    company: 'Berger GmbH',
    addressee: 'Nordlicht Antriebstechnik GmbH',
    scope: 'offers on drives',
    wording: SCRIPT,
    givenAt: YESTERDAY,
    manner: 'said “yes, do call me”',
    recording: SCAN,
  },
  written: { wording: SCRIPT, givenAt: YESTERDAY, source: 'Stand form', document: SCAN },
} satisfies Record<Kind, object>;
const told = (kind: Kind, use: string, more: object = {}): ToldConsent =>
  toldConsent.parse({ kind, ...place(use), ...DETAILS[kind], ...more });
const tell = (contact: Contact, consent: ToldConsent, controller = brand.controller.id) =>
  recordConsent(deps, { controller, contactId: contact.id, told: consent, at: now() });
const statusIn = (contact: Contact, use: string) => permissionOf(contact, brand.id, use)?.status;
const KINDS = toldConsent.options.map(({ shape }) => shape.kind.value);
const CHANNELS: Use['channel'][] = ['email', 'phone', 'post', 'data'];

/** What each kind makes of a use that nobody decided on: e-mail and data never become granted here. */
const TABLE: Record<Kind, [email: string, phone: string, post: string, data: string]> = {
  claimed: ['basis', 'basis', 'basis', 'basis'],
  'presumed-interest': ['–', 'basis', '–', '–'],
  'existing-customer': ['basis', '–', '–', '–'],
  implied: ['basis', '–', '–', '–'],
  'business-card': ['basis', 'basis', 'basis', '–'],
  oral: ['–', 'granted', '–', '–'],
  written: ['–', 'granted', 'granted', '–'],
};
const cells = KINDS.flatMap((kind) =>
  CHANNELS.map((channel, at) => ({ kind, channel, makes: TABLE[kind][at] })),
);

describe('G1 G3 every kind of consent told to us, for every channel', () => {
  test.each(cells.filter(({ makes }) => makes !== '–'))('$kind for $channel: $makes', async (cell) => {
    const person = await createPerson(deps, []);
    const use = USE_OF[cell.channel];
    const { contact } = await tell(person, told(cell.kind, use));
    const basis = contact.bases?.[permissionKey(brand.id, use)];
    const found = { status: statusIn(contact, use), basis: basis?.kind };
    const granted = { status: 'granted', basis: undefined };
    expect(found).toEqual(cell.makes === 'granted' ? granted : { status: undefined, basis: cell.kind });
    expect(await reread(deps.db, person.id)).toEqual(contact);
  });

  test.each(cells.filter(({ makes }) => makes === '–'))('$kind for $channel: refused', async (cell) => {
    const person = await createPerson(deps, []);
    await expect(tell(person, told(cell.kind, USE_OF[cell.channel]))).rejects.toMatchObject({
      errors: [{ pointer: '/use', code: 'wrong-channel' }],
    });
    expect(await reread(deps.db, person.id)).toEqual(person);
  });

  test('there is no kind beside the table', () => {
    expect(Object.keys(SPEAKS_FOR)).toEqual(KINDS);
    expect(Object.keys(TABLE)).toEqual(KINDS);
  });
});

describe('a consent by phone or on paper', () => {
  test('G7 by phone it keeps who, by whom, what about, the very words, when and how', async () => {
    const person = await createPerson(deps, []);
    const { contact } = await tell(person, told('oral', 'call-centre'));
    const [, entry] = await readEntries(deps.db, person.id);
    expect(entry).toMatchObject({
      type: 'granted',
      route: 'oral',
      actor: { kind: 'staff', id: 'k.lund' },
      changes: [{ from: 'unclear', to: 'granted', wording: sha256(SCRIPT), proof: 'oral' }],
      document: { givenAt: YESTERDAY, sha256: SCAN },
    });
    for (const text of ['Berger', 'Kai 3', 'drives']) expect(JSON.stringify(entry)).not.toContain(text);
    const { recording: _, ...said } = DETAILS.oral;
    const master = await deps.secrets.evidenceMaster();
    const at = { contactId: person.id, seq: 2 };
    expect(openPayload(master, person.salt, at, entry?.sealed ?? '')).toMatchObject({ notes: said });
    expect(contact.permissions[permissionKey(brand.id, 'call-centre')]).toEqual({
      status: 'granted',
      // As old as it was given: a consent written down late lapses no later (G8).
      since: YESTERDAY,
      seq: 2,
      topics: [],
      wording: sha256(SCRIPT),
      proof: 'oral',
      document: SCAN,
    });
  });

  test('G7 one without any of what must be shown is no consent', () => {
    const { recording: _, ...needed } = DETAILS.oral;
    for (const name of Object.keys(needed)) {
      const parsed = toldConsent.safeParse({
        kind: 'oral',
        ...place('call-centre'),
        ...needed,
        [name]: undefined,
      });
      expect(parsed.error?.issues.map(({ path }) => path)).toEqual([[name]]);
    }
    const unsigned = { kind: 'written', ...place('call-centre'), ...DETAILS.written, document: undefined };
    expect(toldConsent.safeParse(unsigned).error?.issues[0]?.path).toEqual(['document']);
  });

  test('G3 an e-mail confirmed changes nothing for the phone, a call nothing for e-mail', async () => {
    const phone = { value: '+494311234567', source: 'person', at: now() } as const;
    const confirmed = await recorded(
      record(deps, {
        contact: newPerson(),
        draft: draft([granted('newsletter')]),
        payload: {},
        profile: { fields: { phone } },
      }),
    );
    const statuses = (contact: Contact) =>
      uses.uses.flatMap(({ id }) => (statusIn(contact, id) ? [`${id} ${statusIn(contact, id)}`] : []));
    expect(statuses(confirmed.contact)).toEqual(['newsletter granted']);
    const called = await tell(confirmed.contact, told('oral', 'call-centre'));
    expect(statuses(called.contact)).toEqual(['newsletter granted', 'call-centre granted']);
  });

  test('told twice it is one entry; another one does not replace it', async () => {
    const person = await createPerson(deps, []);
    const { contact } = await tell(person, told('oral', 'call-centre'));
    expect(await tell(person, told('oral', 'call-centre'))).toEqual({ kind: 'unchanged', contact });
    const other = told('oral', 'call-centre', { wording: 'May we?' });
    await expect(tell(person, other)).rejects.toMatchObject({ code: 'conflict', reason: 'granted' });
  });

  test('10 at once are one grant', async () => {
    const person = await createPerson(deps, []);
    await Promise.all(Array.from({ length: 10 }, () => tell(person, told('written', 'direct-mail'))));
    expect(await readEntries(deps.db, person.id)).toHaveLength(2);
  });

  test.each(['oral', 'written'] as const)('%s overrules no no, neither theirs nor ours', async (kind) => {
    const [person, other] = [await createPerson(deps, []), await createPerson(deps, [])];
    const scope = { kind: 'uses', uses: ['call-centre'] } as const;
    await withdraw(deps, { contactId: person.id, brand, scope, route: 'one-click', actor: PERSON });
    await expect(tell(person, told(kind, 'call-centre'))).rejects.toMatchObject({ reason: 'withdrawn' });
    const block = { controller: brand.controller.id, contactId: other.id, brand: brand.id, at: now() };
    await blockContact(deps, { ...block, reason: 'r', actor: { kind: 'staff', id: 'm' } });
    await expect(tell(other, told(kind, 'call-centre'))).rejects.toMatchObject({ reason: 'blocked' });
  });
});

describe('a basis', () => {
  test('stands on the contact with its entry; what it says is sealed in the ledger', async () => {
    const person = await createPerson(deps, []);
    const { contact } = await tell(person, told('claimed', 'newsletter'));
    const [, entry] = await readEntries(deps.db, person.id);
    expect(entry).toMatchObject({
      type: 'basis',
      route: 'paper',
      changes: [{ from: 'unclear', to: 'unclear', basis: 'claimed' }],
      document: { givenAt: YESTERDAY, sha256: SCAN },
    });
    expect(JSON.stringify(entry)).not.toContain('Hannover');
    const { via: _, ...claim } = DETAILS.claimed;
    const made = { at: entry?.at, seq: 2 };
    expect(Object.values(contact.bases ?? {})).toEqual([{ kind: 'claimed', ...claim, ...made }]);
  });

  test('of presumed interest names who recorded it', async () => {
    const person = await createPerson(deps, []);
    const { contact } = await tell(person, told('presumed-interest', 'call-centre'));
    expect(Object.values(contact.bases ?? {})).toMatchObject([
      { recordedBy: 'k.lund', matter: 'Gear for mixers' },
    ]);
  });

  test.each(Object.keys(DETAILS['existing-customer']))('G2 no existing customer without %s', (name) => {
    const body = { kind: 'existing-customer', ...place('newsletter'), ...DETAILS['existing-customer'] };
    const parsed = toldConsent.safeParse({ ...body, [name]: undefined });
    expect(parsed.error?.issues.map(({ path }) => path)).toEqual([[name]]);
  });

  test('the same again is no second entry, anything else is', async () => {
    const person = await createPerson(deps, []);
    await tell(person, told('implied', 'newsletter'));
    expect((await tell(person, told('implied', 'newsletter'))).kind).toBe('unchanged');
    expect((await tell(person, told('implied', 'newsletter', { impliedKind: 'purchase' }))).kind).toBe(
      'recorded',
    );
    expect(await readEntries(deps.db, person.id)).toHaveLength(3);
  });

  test('leaves a grant what it is', async () => {
    const person = await createPerson(deps);
    const { contact } = await tell(person, told('claimed', 'newsletter'));
    expect(contact.permissions).toEqual(person.permissions);
  });

  test('G2 after a no there is no exception for customers any more, and none comes back by itself', async () => {
    const person = await createPerson(deps, []);
    await tell(person, told('existing-customer', 'newsletter'));
    const scope = { kind: 'uses', uses: ['newsletter'] } as const;
    await withdraw(deps, { contactId: person.id, brand, scope, route: 'one-click', actor: PERSON });
    expect((await reread(deps.db, person.id)).bases).toBeUndefined();
    for (const kind of ['existing-customer', 'implied'] as const) {
      await expect(tell(person, told(kind, 'newsletter'))).rejects.toMatchObject({ reason: 'withdrawn' });
    }
    const claimed = await tell(person, told('claimed', 'newsletter'));
    expect(statusIn(claimed.contact, 'newsletter')).toBe('withdrawn');
  });

  test('what lies in the future is refused, and so are strangers', async () => {
    const person = await createPerson(deps, []);
    const future = told('implied', 'newsletter', { anchorAt: plus(now(), MINUTE) });
    await expect(tell(person, future)).rejects.toMatchObject({ errors: [{ pointer: '/anchorAt' }] });
    const claim = told('claimed', 'newsletter');
    await expect(tell(person, { ...claim, use: 'telex' })).rejects.toMatchObject({ code: 'invalid' });
    await expect(tell({ ...person, id: 'con_nobody' }, claim)).rejects.toMatchObject({ code: 'not-found' });
  });
});
