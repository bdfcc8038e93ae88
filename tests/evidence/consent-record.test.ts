import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { consentRecord, toConsentRecord } from '../../shared/evidence/consent-record.ts';
import type { Holding } from '../../shared/evidence/consent-record.ts';
import { lastGrant } from '../../shared/evidence/receipt.ts';
import type { About } from '../../shared/evidence/receipt.ts';
import { tellStory } from '../../shared/evidence/story.ts';
import { demoBrand } from '../../shared/settings/demo.ts';
import { policy } from '../../shared/settings/policy.ts';
import { CONTROLLER, captureLog, resetClock } from '../support/system.ts';
import { ANNA, openEvidenceSystem } from './system.ts';

const POLICY = policy.parse({ id: CONTROLLER });
const AWS: Holding = {
  storage: 'AWS eu-central-1',
  processors: ['Amazon Web Services'],
  channel: 'email',
  policy: POLICY,
};
let about: About;

beforeAll(async () => {
  captureLog();
  const system = await openEvidenceSystem();
  const pack = await system.pack(await system.subscribe(ANNA));
  const of = { brand: demoBrand.id, use: 'newsletter', resting: 'unclear' } as const;
  about = { pack, story: tellStory(pack, of, undefined), brand: demoBrand, useName: 'Newsletter' };
});
afterAll(resetClock);

function recordOf(holding: Partial<Holding> = {}) {
  const grant = lastGrant(about.story);
  if (!grant) throw new Error('nothing was granted');
  return toConsentRecord(about, grant, { ...AWS, ...holding });
}

/** What ISO/IEC TS 27560 makes mandatory (E2), by the part of the record that holds it. */
const MANDATORY = {
  header: ['schema_version', 'record_id', 'pii_principal_id'],
  processing: ['privacy_notice', 'language'],
  purpose: [
    'purpose',
    'lawful_basis',
    'pii_information',
    'pii_controllers',
    'storage_locations',
    'retention_period',
    'jurisdiction',
    'recipient_third_parties',
    'withdrawal_method',
  ],
  pii: ['pii_type', 'special_pii_category'],
  party: ['party_id', 'party_name', 'party_address', 'party_contact', 'party_type'],
  event: ['event_time', 'validity_duration', 'entity_id', 'event_type', 'event_state'],
} as const;

/** The parts of a record that hold mandatory fields, each as often as it occurs. */
function partsOf(record: ReturnType<typeof recordOf>): Record<keyof typeof MANDATORY, object[]> {
  const { pii_processing: processing, party_identification: party, events: event } = record;
  const pii = processing.purposes.flatMap((purpose) => purpose.pii_information);
  return { header: [record], processing: [processing], purpose: processing.purposes, pii, party, event };
}
const isFilled = (value: unknown) =>
  Array.isArray(value)
    ? value.length > 0 && value.every(isFilled)
    : value !== undefined && value !== null && value !== '';

describe('the record of a consent', () => {
  test.each(
    Object.entries(MANDATORY).flatMap(([part, fields]) => fields.map((field) => [part, field] as const)),
  )('E2 says in its %s the %s', (part, field) => {
    const found = Object.entries(partsOf(recordOf())).find(([name]) => name === part)?.[1] ?? [];
    expect(found.length).toBeGreaterThan(0);
    for (const one of found)
      expect(Object.entries(one).find(([name]) => name === field)?.[1]).toSatisfy(isFilled);
  });

  test('E2 is refused where a mandatory field is empty', () => {
    const record = recordOf();
    expect(consentRecord.safeParse(record).success).toBe(true);
    expect(consentRecord.safeParse({ ...record, record_id: '' }).success).toBe(false);
    expect(consentRecord.safeParse({ ...record, events: [] }).success).toBe(false);
  });

  test.each([
    ['email', 'P3Y'],
    ['post', 'P3Y'],
    ['data', 'P3Y'],
    ['phone', 'P5Y'],
  ] as const)('G7 G14 by %s it is kept for %s', (channel, period) => {
    expect(recordOf({ channel }).pii_processing.purposes[0]?.retention_period).toBe(period);
  });

  test.each<[string, Partial<Holding>, string[]]>([
    ['on AWS', {}, ['Amazon Web Services (processor)']],
    ['on one machine', { processors: [] }, ['none']],
    [
      'where others get the data',
      {
        policy: {
          ...POLICY,
          recipients: [{ name: 'Postwerk GmbH', purpose: { de: 'Versand', en: 'posting' } }],
        },
      },
      ['Amazon Web Services (processor)', 'Postwerk GmbH (Versand)'],
    ],
  ])('E2 %s it names who gets the data', (_, holding, recipients) => {
    expect(recordOf(holding).pii_processing.purposes[0]?.recipient_third_parties).toEqual(recipients);
  });
});
