import { describe, expect, test } from 'vitest';

import type { Contact } from '../../shared/contacts/contact.ts';
import { permissionKey } from '../../shared/contacts/contact.ts';
import { DAY, plus, plusMonths } from '../../shared/platform/clock.ts';
import { dueAfterWrite, nextContactDue } from '../../shared/permission/contact-due.ts';
import { idleSince } from '../../shared/permission/idle-since.ts';
import { policy } from '../../shared/settings/policy.ts';
import { brand, grant, newPerson } from './person.ts';

const POLICY = policy.parse({ id: brand.controller.id });
const BORN = '2026-01-10T08:00:00.000Z';
const NEWSLETTER = permissionKey(brand.id, 'newsletter');
const MONTH = 28 * DAY;

function known(more: Partial<Contact> = {}): Contact {
  return {
    ...newPerson({ createdAt: BORN }),
    updatedAt: BORN,
    permissions: {},
    head: { seq: 1, hash: '0'.repeat(64) },
    ...more,
  };
}
const granted = { permissions: { [NEWSLETTER]: grant(1, [], BORN) } };
const blockedGrant = {
  permissions: { [NEWSLETTER]: { status: 'blocked', since: BORN, seq: 2, underneath: grant(1, [], BORN) } },
} satisfies Partial<Contact>;
const fromStaff = { source: { kind: 'staff', id: 'm.mueller' } } satisfies Partial<Contact>;

describe('the next look', () => {
  const warning = plusMonths(BORN, 18);
  const lapse = plusMonths(BORN, 24);
  test.each<[string, Partial<Contact>, string, string]>([
    ['nothing near', {}, BORN, plus(BORN, MONTH)],
    ['a warning', granted, plus(warning, -DAY), warning],
    ['a lapse', granted, plus(lapse, -DAY), lapse],
    [
      'a use puts both off',
      { ...granted, lastUses: { [NEWSLETTER]: plus(BORN, 2 * DAY) } },
      plus(warning, -DAY),
      plus(plusMonths(plus(BORN, 2 * DAY), 18), 0),
    ],
    ['no lapse under a block, but the idle end', blockedGrant, plus(lapse, -DAY), lapse],
    ['the end of a hold', { holdUntil: plus(BORN, DAY) }, BORN, plus(BORN, DAY)],
    ['the end of a pause', { pausedUntil: plus(BORN, 9 * DAY) }, BORN, plus(BORN, 9 * DAY)],
    ['a notice owed', fromStaff, BORN, plus(BORN, 25 * DAY)],
    ['a notice given', { ...fromStaff, informedAt: BORN }, BORN, plus(BORN, MONTH)],
    ['an idle end', {}, plus(plusMonths(BORN, 24), -DAY), plusMonths(BORN, 24)],
    ['an idle end that came to nothing', {}, plusMonths(BORN, 24), plus(plusMonths(BORN, 24), MONTH)],
    [
      'no idle end while restricted',
      { restricted: { since: BORN, seq: 2 } },
      plus(plusMonths(BORN, 24), -DAY),
      plus(plusMonths(BORN, 24), MONTH - DAY),
    ],
  ])('%s', (_, contact, at, due) => {
    expect(nextContactDue(known(contact), POLICY, at)).toBe(due);
  });

  test('what is due this very millisecond is no longer next', () => {
    expect(nextContactDue(known(granted), POLICY, lapse)).toBe(plus(lapse, MONTH));
    expect(nextContactDue(known(granted), POLICY, plus(lapse, -1))).toBe(lapse);
  });
});

describe('after a write', () => {
  test('a new contact is looked at within four weeks, earlier where an instant is fixed', () => {
    expect(dueAfterWrite(undefined, known())).toBe(plus(BORN, MONTH));
    expect(dueAfterWrite(undefined, known({ holdUntil: plus(BORN, DAY) }))).toBe(plus(BORN, DAY));
    expect(dueAfterWrite(undefined, known(fromStaff))).toBe(plus(BORN, 25 * DAY));
  });

  test('the planned look stays, also where it is overdue; it only ever moves forward', () => {
    const planned = known({ dueAt: plus(BORN, 3 * DAY) });
    const later = { ...planned, updatedAt: plus(BORN, DAY) };
    expect(dueAfterWrite(planned, later)).toBe(plus(BORN, 3 * DAY));
    expect(dueAfterWrite(planned, { ...later, updatedAt: plus(BORN, 5 * DAY) })).toBe(plus(BORN, 3 * DAY));
    expect(dueAfterWrite(planned, { ...later, pausedUntil: plus(BORN, 2 * DAY) })).toBe(plus(BORN, 2 * DAY));
    expect(dueAfterWrite(known(), later)).toBe(plus(BORN, DAY + MONTH));
  });
});

describe('the last own act', () => {
  const late = plus(BORN, 300 * DAY);
  const said = (source: 'person' | 'form' | 'staff' | 'crm') => ({
    fields: { company: { value: 'Berger GmbH', source, at: late } },
  });
  test.each<[string, Partial<Contact>, string]>([
    ['becoming known', {}, BORN],
    ['what the person said', said('person'), late],
    ['what the person said on a form', said('form'), late],
    ['not what staff said', said('staff'), BORN],
    ['not what another system said', said('crm'), BORN],
    ['a grant', { permissions: { [NEWSLETTER]: grant(1, [], late) } }, late],
    ['a withdrawal', { permissions: { [NEWSLETTER]: { status: 'withdrawn', since: late, seq: 2 } } }, late],
    [
      'not a block by sales',
      { permissions: { [NEWSLETTER]: { status: 'blocked', since: late, seq: 2 } } },
      BORN,
    ],
    ['"no advertising at all"', { noAdvertising: { since: late, seq: 2 } }, late],
    ['asking under a block', { reviews: { [NEWSLETTER]: { since: late, seq: 2, why: 'blocked' } } }, late],
    ['a grant counts until it lapsed', { lapses: { [NEWSLETTER]: { since: late, seq: 2 } } }, late],
    ['not a change that somebody made', { updatedAt: late }, BORN],
  ])('%s', (_, contact, at) => {
    expect(idleSince(known(contact))).toBe(at);
  });
});
