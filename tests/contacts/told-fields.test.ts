import { describe, expect, test } from 'vitest';

import { FIELD_SOURCES } from '../../shared/contacts/contact.ts';
import type { FieldSource } from '../../shared/contacts/contact.ts';
import { mayReplace, mergeAssessed, mergeFields } from '../../shared/contacts/told-fields.ts';

const [before, at] = ['2026-11-01T08:00:00.000Z', '2026-11-22T08:00:00.000Z'];
const known = (source: FieldSource) => ({ city: { value: 'Kiel', source, at: before } });

/** Row: who said it. Column, in the same order: who says otherwise; x: is believed. */
const BELIEVED: Record<FieldSource, string> = {
  person: 'x-----',
  form: 'xx----',
  staff: 'xxx---',
  crm: 'xxxx--',
  import: 'xxxxx-',
  enrichment: 'xxxxxx',
};
const PAIRS = FIELD_SOURCES.flatMap((held) =>
  FIELD_SOURCES.map((told, column) => ({ held, told, believed: BELIEVED[held][column] === 'x' })),
);

describe('who is believed (DOMAIN 8)', () => {
  test.each(PAIRS)('$held said it, $told says otherwise: $believed', ({ held, told, believed }) => {
    const refused = { fields: known(held), kept: [{ field: 'city', source: held }] };
    const replaced = { fields: { city: { value: 'Bremen', source: told, at } }, kept: [] };
    expect(mayReplace(held, told)).toBe(believed);
    expect(mergeFields(known(held), { city: 'Bremen' }, told, at)).toEqual(believed ? replaced : refused);
    expect(mergeFields(known(held), { city: null }, told, at)).toEqual(
      believed ? { fields: {}, kept: [] } : refused,
    );
  });

  test.each(PAIRS)('$held said it, $told says the same: not in vain', ({ held, told, believed }) => {
    const taken = believed && told !== held;
    const fields = taken ? { city: { value: 'Kiel', source: told, at } } : known(held);
    expect(mergeFields(known(held), { city: 'Kiel' }, told, at)).toEqual({ fields, kept: [] });
  });
});

describe('how we see somebody', () => {
  const held = (source: FieldSource) => ({ buyingRole: { value: 'user', source, at: before } }) as const;

  test.each(PAIRS)('$held said it, $told says otherwise: $believed', ({ held: source, told, believed }) => {
    const merge = (value: 'decider' | 'user' | null) =>
      mergeAssessed(held(source), { buyingRole: value }, told, at);
    const kept = [{ field: 'buyingRole', source }];
    expect(merge('decider')).toEqual(
      believed
        ? { assessed: { buyingRole: { value: 'decider', source: told, at } }, kept: [] }
        : { assessed: held(source), kept },
    );
    expect(merge(null)).toEqual(
      believed ? { assessed: undefined, kept: [] } : { assessed: held(source), kept },
    );
    expect(merge('user').kept).toEqual([]);
  });

  test('is the very same where nothing changed', () => {
    const known = held('staff');
    expect(mergeAssessed(known, {}, 'person', at).assessed).toBe(known);
    expect(mergeAssessed(known, { buyingRole: 'user', position: null }, 'staff', at).assessed).toBe(known);
    expect(mergeAssessed(undefined, { position: null }, 'staff', at).assessed).toBeUndefined();
  });
});

test('what is left out stays, what is new is added, taking away what is not there is nothing', () => {
  const fields = known('crm');
  const { fields: merged } = mergeFields(
    fields,
    { firstName: 'Anna', city: undefined, street: null },
    'import',
    at,
  );
  expect(merged).toEqual({ ...fields, firstName: { value: 'Anna', source: 'import', at } });
  expect(mergeFields(fields, { street: null }, 'import', at).fields).toBe(fields);
});
