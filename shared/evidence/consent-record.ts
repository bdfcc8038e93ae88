import * as z from 'zod';

import { assertNever } from '../platform/assert-never.ts';
import type { EvidenceEntry } from '../permission/evidence.ts';
import type { Language } from '../settings/language.ts';
import type { Policy } from '../settings/policy.ts';
import type { Use } from '../settings/uses.ts';
import { dataGiven, jurisdictionOf } from './receipt.ts';
import type { About } from './receipt.ts';
import type { Act } from './story.ts';

const text = z.string().min(1);
const texts = z.array(text).min(1);

/** A consent record by ISO/IEC TS 27560:2023: every mandatory field, and the optional ones that we know (E2). */
export const consentRecord = z.strictObject({
  schema_version: text,
  record_id: text,
  pii_principal_id: text,
  pii_processing: z.strictObject({
    privacy_notice: text,
    language: text,
    purposes: z
      .array(
        z.strictObject({
          purpose: text,
          purpose_type: text,
          lawful_basis: text,
          pii_information: z
            .array(
              z.strictObject({
                pii_type: text,
                pii_optional: z.boolean(),
                sensitive_pii_category: z.boolean(),
                special_pii_category: z.boolean(),
              }),
            )
            .min(1),
          pii_controllers: texts,
          collection_method: text,
          storage_locations: texts,
          retention_period: text,
          jurisdiction: text,
          recipient_third_parties: texts,
          withdrawal_method: text,
        }),
      )
      .min(1),
  }),
  party_identification: z
    .array(
      z.strictObject({
        party_id: text,
        party_name: text,
        party_address: text,
        party_contact: text,
        party_type: text,
      }),
    )
    .min(1),
  events: z
    .array(
      z.strictObject({
        event_time: text,
        validity_duration: text,
        entity_id: text,
        event_type: text,
        event_state: text,
      }),
    )
    .min(1),
});
export type ConsentRecord = z.infer<typeof consentRecord>;

/** What a record says besides the evidence. */
export type Holding = {
  /** Where it lies, and who holds it for us there. */
  storage: string;
  processors: readonly string[];
  channel: Use['channel'] | undefined;
  policy: Policy;
};

/** The consent record of one use. */
export function toConsentRecord(about: About, grant: Act, holding: Holding): ConsentRecord {
  const { storage, policy } = holding;
  const { pack, story, brand, useName } = about;
  const { controller, contactId } = pack;
  const { signup, seq, route } = grant.entry;
  return {
    schema_version: 'ISO/IEC TS 27560:2023',
    record_id: `${contactId}-${seq}`,
    pii_principal_id: contactId,
    pii_processing: {
      privacy_notice: signup?.privacyNotice.url ?? brand.privacyNotice.url[brand.language],
      language: signup?.language ?? brand.language,
      purposes: [
        {
          purpose: grant.wording ?? useName,
          purpose_type: useName,
          lawful_basis: 'GDPR art. 6(1)(a)',
          pii_information: dataGiven(grant).map((pii_type) => ({
            pii_type,
            pii_optional: pii_type !== 'email',
            sensitive_pii_category: false,
            special_pii_category: false,
          })),
          pii_controllers: [controller.id],
          collection_method: route,
          storage_locations: [storage],
          retention_period: `P${yearsOf(holding)}Y`,
          jurisdiction: jurisdictionOf(grant.told.fields),
          recipient_third_parties: recipientsOf(holding, brand.language),
          withdrawal_method: brand.sender.replyTo,
        },
      ],
    },
    party_identification: [
      {
        party_id: controller.id,
        party_name: controller.name,
        party_address: controller.address,
        party_contact: controller.contact,
        party_type: 'PII controller',
      },
    ],
    events: story.acts.map(({ entry }) => ({
      event_time: entry.at,
      validity_duration: `P${policy.lapse.months}M`,
      entity_id: entry.actor.kind === 'person' ? contactId : controller.id,
      event_type: entry.route,
      event_state: stateOf(entry.type),
    })),
  };
}

/** How long the proof is kept: of a call, from the consent and from each use of it (G7); else after its end (G14). */
function yearsOf({ channel, policy: { retention } }: Holding): number {
  return channel === 'phone' ? retention.phoneProofYears : retention.proofYears;
}

/** The field must not be empty (E2): that nobody gets the data is said, too. */
function recipientsOf({ processors, policy }: Holding, language: Language): string[] {
  const known = [
    ...processors.map((name) => `${name} (processor)`),
    ...policy.recipients.map(({ name, purpose }) => `${name} (${purpose[language]})`),
  ];
  return known.length > 0 ? known : ['none'];
}

function stateOf(type: EvidenceEntry['type']): string {
  switch (type) {
    case 'granted':
      return 'consent given';
    case 'withdrawn':
    case 'erased':
      return 'consent withdrawn';
    case 'denied':
      return 'consent refused';
    case 'lapsed':
      return 'consent expired';
    case 'blocked':
    case 'unblocked':
    case 'review':
    case 'basis':
    case 'known':
    case 'choices':
    case 'address':
    case 'restricted':
    case 'unrestricted':
    case 'delivery':
      return type;
    default:
      return assertNever(type);
  }
}
