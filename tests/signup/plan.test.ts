import { describe, expect, test } from 'vitest';

import type { Contact, Permission } from '../../shared/contacts/contact.ts';
import { demoBrand, demoUses } from '../../shared/settings/demo.ts';
import { askedUses, planMail, topicsOf } from '../../shared/signup/plan.ts';
import type { PlanInput } from '../../shared/signup/plan.ts';

const SINCE = '2026-01-10T08:00:00.000Z';
const HASH = '0'.repeat(64);

const granted = (topics: string[] = []): Permission => ({
  status: 'granted',
  since: SINCE,
  seq: 1,
  addressKey: 'a'.repeat(32),
  topics,
  wording: HASH,
  form: { id: 'newsletter', version: 1 },
  proof: 'double',
});
const withdrawn: Permission = { status: 'withdrawn', since: SINCE, seq: 2 };
const blocked: Permission = { status: 'blocked', since: SINCE, seq: 3 };

function contactWith(permissions: Record<string, Permission>, more: Partial<Contact> = {}): Contact {
  return {
    schema: 1,
    id: 'con_1',
    controller: 'nordlicht-gmbh',
    address: 'anna@example.com',
    addressKey: 'a'.repeat(32),
    language: 'de',
    fields: {},
    source: { kind: 'form', id: 'newsletter' },
    createdAt: SINCE,
    updatedAt: SINCE,
    permissions,
    salt: 's',
    head: { seq: 3, hash: HASH },
    ...more,
  };
}

type Setup = {
  uses?: string[];
  topics?: string[];
  country?: string;
  optIn?: 'confirmed' | 'double';
  contact?: Contact;
  demandClick?: boolean;
};

function planFor({ uses = ['event-invitation'], topics = [], country, optIn, contact, demandClick }: Setup) {
  const input: PlanInput = {
    brand: {
      ...demoBrand,
      models: { ...demoBrand.models, FR: 'opt-out-only', NO: 'ignore', GB: 'build-up' },
    },
    form: { optIn: optIn ?? 'confirmed' },
    uses: demoUses,
    request: {
      uses: Object.fromEntries(uses.map((use) => [use, HASH])),
      topics,
      fields: country ? { country } : {},
    },
    contact,
    demandClick: demandClick ?? false,
  };
  return planMail(input);
}

const click = (...uses: string[]) => ({ kind: 'confirm', click: uses, accept: [] });
const accept = (...uses: string[]) => ({ kind: 'confirm', click: [], accept: uses });
const event = 'nordlicht#event-invitation';

describe('what a mail must prove (DOMAIN 3)', () => {
  test.each<[string, Setup, object]>([
    ['form and model ask for no click', { country: 'DE' }, accept('event-invitation')],
    ['the form asks for one', { country: 'DE', optIn: 'double' }, click('event-invitation')],
    ['the model of the country asks for one', { country: 'US' }, click('event-invitation')],
    ['the country is unknown', {}, click('event-invitation')],
    ['the model rests on open', { country: 'FR' }, accept('event-invitation')],
    ['the model collects nothing', { country: 'NO' }, accept('event-invitation')],
    ['the model builds up', { country: 'GB' }, accept('event-invitation')],
    [
      'G12 tracking is ticked too: it alone needs the click',
      { country: 'DE', uses: ['event-invitation', 'tracking'] },
      { kind: 'confirm', click: ['tracking'], accept: ['event-invitation'] },
    ],
    ['profiling is ticked', { country: 'DE', uses: ['profiling'] }, click('profiling')],
    ['the address was erased, bounced', { country: 'DE', demandClick: true }, click('event-invitation')],
    [
      'the person withdrew before',
      { country: 'DE', contact: contactWith({ [event]: withdrawn }) },
      click('event-invitation'),
    ],
    [
      'the person wants no advertising at all',
      { country: 'DE', contact: contactWith({}, { noAdvertising: { since: SINCE, seq: 2 } }) },
      click('event-invitation'),
    ],
    [
      'sales blocked the contact',
      { country: 'DE', contact: contactWith({ [event]: blocked }) },
      click('event-invitation'),
    ],
    [
      'a contact that never was asked for this',
      { country: 'DE', contact: contactWith({ 'nordlicht#newsletter': granted() }) },
      accept('event-invitation'),
    ],
    [
      'another brand was refused',
      { country: 'DE', contact: contactWith({ 'suedlicht#event-invitation': withdrawn }) },
      accept('event-invitation'),
    ],
  ])('%s', (_, setup, plan) => {
    expect(planFor(setup)).toEqual(plan);
  });
});

describe('what is granted already', () => {
  const known = contactWith({ 'nordlicht#newsletter': granted(['drives', 'service']), [event]: granted() });

  test.each<[string, Setup, object]>([
    [
      'all of it: the mail says so',
      { uses: ['newsletter'], topics: ['drives'], contact: known },
      { kind: 'already-registered', click: [], accept: [] },
    ],
    [
      'another topic needs the click, even where a mail would do: an unproven post changes nothing',
      { uses: ['newsletter'], topics: ['drives', 'automation'], country: 'DE', contact: known },
      click('newsletter'),
    ],
    [
      'only the new use is asked for',
      { uses: ['newsletter', 'tracking'], contact: known },
      click('tracking'),
    ],
  ])('%s', (_, setup, plan) => {
    expect(planFor(setup)).toEqual(plan);
  });
});

test('ticked uses come in the order of the catalogue, whatever order the table gives its map', () => {
  const inOrder = ['newsletter', 'tracking', 'profiling', 'gone-a', 'gone-b'];
  for (const stored of [
    inOrder,
    [...inOrder].reverse(),
    ['gone-b', 'tracking', 'newsletter', 'gone-a', 'profiling'],
  ]) {
    const request = { uses: Object.fromEntries(stored.map((use) => [use, HASH])) };
    expect(askedUses(demoUses, request)).toEqual(inOrder);
  }
});

test('a topic belongs to one use', () => {
  expect(topicsOf(demoUses, 'newsletter', ['service', 'drives', 'unknown'])).toEqual(['drives', 'service']);
  expect(topicsOf(demoUses, 'event-invitation', ['drives'])).toEqual([]);
});
