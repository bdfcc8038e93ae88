import * as z from 'zod';

import type { Brand } from '../settings/brand.ts';
import type { Language } from '../settings/language.ts';
import { toMs } from '../platform/clock.ts';
import type { EvidencePack } from './pack.ts';
import type { Act, Story } from './story.ts';

/** `typ` of a receipt as compact JWS. */
export const RECEIPT_TYP = 'consent-receipt+jwt';

const text = z.string().min(1);
const texts = z.array(text).min(1);

/** A receipt for the person, in the field names of Kantara's Consent Receipt 1.1 (E3); nothing in it is made up. */
export const receipt = z.strictObject({
  version: z.literal('KI-CR-v1.1.0'),
  jurisdiction: text,
  /** Seconds since 1970. */
  consentTimestamp: z.int(),
  collectionMethod: text,
  consentReceiptID: text,
  publicKey: text,
  language: z.string(),
  piiPrincipalId: text,
  piiControllers: z
    .array(
      z.strictObject({
        piiController: text,
        contact: text,
        address: z.strictObject({ streetAddress: text }),
        email: text,
        onBehalf: z.boolean(),
      }),
    )
    .min(1),
  policyUrl: text,
  services: z.array(
    z.strictObject({
      service: text,
      purposes: z.array(
        z.strictObject({
          purpose: text,
          purposeCategory: texts,
          consentType: z.literal('EXPLICIT'),
          piiCategory: texts,
          primaryPurpose: z.boolean(),
          termination: text,
          thirdPartyDisclosure: z.boolean(),
        }),
      ),
    }),
  ),
  sensitive: z.boolean(),
  spiCat: z.array(z.string()),
});
export type Receipt = z.infer<typeof receipt>;

export type About = { pack: EvidencePack; story: Story; brand: Brand; useName: string };

/** The grant that a story ends with; undefined where there was none. */
export function lastGrant({ acts }: Story): Act | undefined {
  return acts.findLast(({ entry, change }) => entry.type === 'granted' && change?.to === 'granted');
}

/** The receipt for a grant. Categories of data are those that were really given. */
export function toReceipt({ pack, brand, useName }: About, grant: Act, language: Language): Receipt {
  const { controller, contactId, jwks } = pack;
  const { entry, told, wording } = grant;
  return {
    version: 'KI-CR-v1.1.0',
    jurisdiction: jurisdictionOf(told.fields),
    consentTimestamp: Math.floor(toMs(entry.at) / 1000),
    collectionMethod: entry.route,
    consentReceiptID: `${contactId}-${entry.seq}`,
    publicKey: jwks.keys.map(({ kid }) => kid).join(' '),
    language: entry.signup?.language ?? language,
    piiPrincipalId: contactId,
    piiControllers: [
      {
        piiController: controller.name,
        contact: controller.contact,
        address: { streetAddress: controller.address },
        email: brand.sender.replyTo,
        onBehalf: false,
      },
    ],
    policyUrl: entry.signup?.privacyNotice.url ?? brand.privacyNotice.url[language],
    services: [
      {
        service: brand.name,
        purposes: [
          {
            purpose: wording ?? useName,
            purposeCategory: ['marketing'],
            consentType: 'EXPLICIT',
            piiCategory: dataGiven(grant),
            primaryPurpose: true,
            termination: brand.sender.replyTo,
            thirdPartyDisclosure: false,
          },
        ],
      },
    ],
    sensitive: false,
    spiCat: [],
  };
}

/** Names of the data that came with a grant. */
export function dataGiven({ told }: Act): string[] {
  return ['email', ...Object.keys(told.fields ?? {})];
}

/** The person's country where it is known; else that of the law that everybody here has in common. */
export function jurisdictionOf(fields: Record<string, string> | undefined): string {
  return fields?.['country'] ?? 'EU';
}
