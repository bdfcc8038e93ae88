import { expect, test } from 'vitest';

import { companyDomain } from '../../shared/contacts/account.ts';
import { applyTold, line, phoneNumber } from '../../shared/contacts/told.ts';

const at = '2026-11-22T08:00:00.000Z';

test.each([
  ['+494311234567', '+494311234567'],
  ['+49 (0)431 / 123-4567', '+494311234567'],
  [' +43 1.23 45 67 ', '+4312345 67'.replace(' ', '')],
  ['+1 (202) 555-0100', '+12025550100'],
])('%j is the number %s', (typed, number) => {
  expect(phoneNumber.parse(typed)).toBe(number);
});
test.each(['0431 1234567', '+0431 1234567', '+123456', '+1234567890123456', '+49 call me', '', '٠١٢٣٤٥٦٧'])(
  '%j is no number that anybody can dial from abroad',
  (typed) => {
    expect(phoneNumber.safeParse(typed).success).toBe(false);
  },
);

test.each([
  ['Maschinenbau.EXAMPLE', 'maschinenbau.example'],
  [' müller-werke.de ', 'xn--mller-werke-thb.de'],
  ['sales.maschinenbau.example', 'sales.maschinenbau.example'],
])('%j is the domain %s', (typed, domain) => {
  expect(companyDomain.parse(typed)).toBe(domain);
});
test.each([
  'gmail.com',
  'GMX.de',
  'proton.me',
  'localhost',
  'a@b.example',
  'https://b.example',
  '10.0.0.1',
  'b.example/x',
])('%j names no company', (typed) => {
  expect(companyDomain.safeParse(typed).success).toBe(false);
});

test.each(['a\nb', 'a\u0000', 'a\u202eb', ' ', 'x'.repeat(201)])('T13 %j is no line', (text) => {
  expect(line.safeParse(text).success).toBe(false);
});

test('the language that the person chose stays; what a system chose gives way to one that counts as much', () => {
  const person = { language: 'de', fields: {} } as const;
  expect(applyTold(person, { language: 'en' }, 'staff', at)).toEqual({
    contact: person,
    kept: [{ field: 'language', source: 'person' }],
  });
  const told = { ...person, languageFrom: 'crm' } as const;
  expect(applyTold(told, { language: 'en' }, 'import', at).kept).toEqual([
    { field: 'language', source: 'crm' },
  ]);
  const staff = applyTold(told, { language: 'en' }, 'staff', at);
  expect(staff).toEqual({ contact: { language: 'en', languageFrom: 'staff', fields: {} }, kept: [] });
});
