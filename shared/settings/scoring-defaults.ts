import type { Localized } from './language.ts';
import { POSITION_WORDS } from './position-words.ts';

/** What DOMAIN 6 says where an operator has said nothing else. */

/** Kinds of engagement; `open` and `click` come from SES, all others from systems of the operator. */
export const EVENT_TYPES = [
  tracked('open', 5, 10, { de: 'Mail geöffnet', en: 'Opened a mail' }),
  tracked('click', 10, 30, { de: 'Link in einer Mail angeklickt', en: 'Clicked a link in a mail' }),
  tracked('page-visit', 2, 10, { de: 'Seite besucht', en: 'Visited a page' }),
  tracked('job-page', -20, 20, { de: 'Stellenangebote besucht', en: 'Visited job offers' }),
  act('download', 20, 60, { de: 'Unterlagen heruntergeladen', en: 'Downloaded a document' }),
  act('form', 10, 20, { de: 'Formular ausgefüllt', en: 'Filled in a form' }),
  act('contact-request', 50, 50, { de: 'Um Kontakt gebeten', en: 'Asked to be contacted' }),
  act('event-registration', 10, 20, {
    de: 'Zu einer Veranstaltung angemeldet',
    en: 'Registered for an event',
  }),
  act('event-attendance', 30, 30, { de: 'Veranstaltung besucht', en: 'Attended an event' }),
  act('webinar', 30, 30, { de: 'Webinar besucht', en: 'Attended a webinar' }),
  act('fair-visit', 30, 30, { de: 'Messestand besucht', en: 'Visited us at a fair' }),
  act('call-result', 0, 0, { de: 'Telefonat', en: 'Phone call' }),
  act('shop-order', 20, 20, { de: 'Im Shop bestellt', en: 'Ordered in the shop' }),
];

/** What makes somebody a customer worth having; departments, industries and countries are the operator's own. */
export const POTENTIAL = {
  position: { owner: 25, board: 25, head: 20, manager: 12, specialist: 6, student: -50 },
  positionWords: POSITION_WORDS,
  department: { words: new Array<string>(), points: 10 },
  companySize: [
    { from: 1, points: 2 },
    { from: 10, points: 6 },
    { from: 50, points: 12 },
    { from: 250, points: 16 },
    { from: 1_000, points: 20 },
  ],
  revenue: [
    { from: 0, points: 2 },
    { from: 2, points: 6 },
    { from: 10, points: 10 },
    { over: 50, points: 15 },
  ],
  industry: { industries: new Array<string>(), points: 15 },
  country: { countries: new Array<string>(), points: 0 },
  decisionAuthority: { alone: 0, shared: 0, none: 0 },
  buyingRole: { decider: 20, buyer: 12, influencer: 10, initiator: 8, user: 5, gatekeeper: 3 },
  referenceValue: 10,
};

/** What sales does with a band and a grade. */
export const SALES_ACTIONS = {
  '1A': 'key-account',
  '1B': 'field-sales',
  '1C': 'inside-sales',
  '1D': 'nurture',
  '2A': 'field-sales',
  '2B': 'inside-sales',
  '2C': 'inside-sales',
  '2D': 'nurture',
  '3A': 'inside-sales',
  '3B': 'nurture',
  '3C': 'nurture',
  '3D': 'nurture',
  '4A': 'none',
  '4B': 'none',
  '4C': 'none',
  '4D': 'none',
} as const;

function tracked(id: string, points: number, dayCap: number, name: Localized) {
  return { id, name, points, dayCap, kind: 'tracked' as const };
}

function act(id: string, points: number, dayCap: number, name: Localized) {
  const purpose = {
    de: 'Um darauf zu antworten und Sie passend anzusprechen',
    en: 'To answer it, and to contact you in a way that suits you',
  };
  return { id, name, points, dayCap, kind: 'act' as const, purpose };
}
