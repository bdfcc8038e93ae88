import { expect, test } from 'vitest';

import { contact } from '../../shared/contacts/contact.ts';
import { keys } from '../../shared/platform/keys.ts';
import { concernsScore } from '../../shared/scoring/keep-scores.ts';

const key = keys.contact('con_1');
const change = (before: object, after: object) =>
  concernsScore({ kind: 'MODIFY', key, before: { ...key, ...before }, after: { ...key, ...after } });

test('each message that is sent works no score out', () => {
  const sent = {
    frequency: { rev: 2 },
    lastUses: { 'nordlicht#newsletter': 'now' },
    updatedAt: 'now',
    dueAt: 'then',
  };
  expect(change({ frequency: { rev: 1 } }, sent)).toBe(false);
});

test.each([
  'permissions',
  'noAdvertising',
  'restricted',
  'lapses',
  'fields',
  'assessed',
  'accountId',
  'country',
  'head',
])('%s does', (name) => {
  expect(contact.shape).toHaveProperty(name);
  expect(change({ [name]: { is: 1 } }, { [name]: { is: 2 } })).toBe(true);
  expect(change({}, { [name]: { is: 2 } })).toBe(true);
  expect(change({ [name]: { is: 1 } }, {})).toBe(true);
});

test('so do a new contact, one that is gone, a company, an event, and a score that is due', () => {
  expect(concernsScore({ kind: 'INSERT', key, before: undefined, after: key })).toBe(true);
  expect(concernsScore({ kind: 'REMOVE', key, before: key, after: undefined })).toBe(true);
  for (const other of [
    keys.account('acc_1'),
    keys.score('con_1'),
    keys.event('con_1', '2026', 'shop', '1'),
  ]) {
    expect(concernsScore({ kind: 'MODIFY', key: other, before: other, after: other })).toBe(true);
  }
});
