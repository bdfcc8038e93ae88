import { DAY, now, plus } from '../../../shared/platform/clock.ts';
import { demoBrand, demoUses } from '../../../shared/settings/demo.ts';
import { demoScoring } from '../../../shared/settings/demo-scoring.ts';

const at = plus(now(), -DAY);
const actor = 'm.meier';
const about = { brand: demoBrand.id, use: 'newsletter' };
const review = { brand: demoBrand.id, use: 'event-invitation', actor };
const known = { email: 'known@firma.example' };

/** For each endpoint that takes a body, one with which it acts on whoever its path names. */
export const RIGHT_BODIES: Record<string, object> = {
  'POST /v1/contacts': { ...known, source: { kind: 'crm', id: 'salesdesk' } },
  'POST /v1/contacts/lookup': known,
  'PATCH /v1/contacts/{id}': { fieldSource: 'crm', fields: { company: 'Firma AG' } },
  'POST /v1/contacts/{id}/block': { brand: demoBrand.id, reason: 'in negotiations', actor },
  'POST /v1/contacts/{id}/unblock': { brand: demoBrand.id, reason: 'they are over', actor },
  'POST /v1/contacts/{id}/unrestrict': { reason: 'it is settled', actor },
  'POST /v1/contacts/{id}/withdraw': { uses: 'all', route: 'letter', receivedAt: at, actor },
  'POST /v1/contacts/{id}/consents': {
    brand: demoBrand.id,
    use: 'call-centre',
    kind: 'business-card',
    receivedAt: at,
    occasion: 'the fair',
    actor,
  },
  'POST /v1/reviews/{id}/approve': review,
  'POST /v1/reviews/{id}/deny': { ...review, reason: 'a competitor' },
  'POST /v1/accounts': { name: 'Firma AG' },
  'POST /v1/accounts/lookup': { domain: 'firma.example' },
  'PATCH /v1/accounts/{id}': { name: 'Firma SE' },
  'POST /v1/contacts/{id}/erase': { actor, reason: 'a letter', requestedBy: 'person' },
  'POST /v1/decisions': { ...about, contacts: [known] },
  'POST /v1/links': { ...about, contacts: [known] },
  'PUT /v1/settings/{kind}/{id}': { document: demoBrand, actor: { kind: 'staff', id: actor } },
  'POST /v1/settings/{kind}/{id}/versions/{version}/activate': { actor: { kind: 'staff', id: actor } },
  'POST /v1/audiences': about,
  'POST /v1/contacts-by-status': { ...about, status: 'granted' },
  'POST /v1/settings/{kind}/{id}/preview': { document: demoBrand },
  'POST /v1/accounts/{id}/preview': { class: 'customer' },
  'POST /v1/scoring/preview': { document: demoScoring },
  'POST /v1/sending-guard/{brand}/{use}/release': { actor, reason: 'the list was cleaned' },
  'POST /v1/requests/{id}/answer': { actor, answer: 'From the sign-up on our page.' },
  'POST /v1/engagements': { id: 'evt-1', source: 'shop', type: 'download', contact: known, occurredAt: at },
  'POST /v1/engagement-sources': { id: 'webinar-tool', name: 'Webinars' },
  'POST /v1/engagement-sources/{id}/rotate': {},
};

/** Settings of another company, so that it can ask about itself. */
export const STRANGER = 'fremd-ag';
export const strangerBrand = {
  ...demoBrand,
  id: 'fremd',
  controller: { ...demoBrand.controller, id: STRANGER },
};
export const strangerUses = { ...demoUses, id: STRANGER };
