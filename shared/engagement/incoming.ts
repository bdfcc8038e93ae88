import type { ContactRef } from '../decision/find-contacts.ts';
import { DAY, MINUTE, plus } from '../platform/clock.ts';
import type { Instant } from '../platform/clock.ts';
import type { EventType } from '../settings/scoring.ts';
import type { Uses } from '../settings/uses.ts';
import { DELIVERED, SES_SOURCE } from './event.ts';
import type { EngagementEvent } from './event.ts';

/** An event as another system tells it: of a source, about a contact that is named in one of three ways. */
export type IncomingEvent = Omit<
  EngagementEvent,
  'schema' | 'contactId' | 'controller' | 'mail' | 'tracked' | 'expiresAt'
> & { contact: ContactRef };

/** One reason why an event is not taken: the field that it lies in, for people and for programs. */
export type EventRefusal = { path: readonly (string | number)[]; detail: string; code: string };

/** What an event is held against besides its contact. */
export type Catalogue = {
  types: readonly EventType[];
  topics: Uses['topics'];
  /** Ids of the controller's brands, as far as an event names them. */
  brands: ReadonlySet<string>;
};

/** Asked to be contacted: the one event that makes somebody known. */
export const CONTACT_REQUEST = 'contact-request';

const MOST_AGE = 30 * DAY;
/** Clocks differ a little. */
const MOST_AHEAD = 5 * MINUTE;

/** What is wrong with an event whoever it is about. Pure. */
export function faultsOf(
  event: IncomingEvent,
  { types, topics, brands }: Catalogue,
  at: Instant,
): EventRefusal[] {
  const faults: EventRefusal[] = [];
  const refuse = (path: EventRefusal['path'], detail: string, code: string) =>
    faults.push({ path, detail, code });
  const { source, type, brand, occurredAt } = event;
  if (source === SES_SOURCE) refuse(['source'], 'SES alone is this source.', 'reserved');
  if (type === DELIVERED) refuse(['type'], 'SES alone says what was delivered.', 'reserved');
  else if (!types.some(({ id }) => id === type))
    refuse(['type'], 'The scoring rules know no such type.', 'unknown-type');
  for (const [index, topic] of event.topics.entries()) {
    if (topics.some(({ id }) => id === topic)) continue;
    refuse(['topics', index], 'There is no such topic.', 'unknown-topic');
  }
  if (brand !== undefined && !brands.has(brand))
    refuse(['brand'], 'There is no such brand.', 'unknown-brand');
  if (occurredAt > plus(at, MOST_AHEAD)) refuse(['occurredAt'], 'It lies in the future.', 'future');
  if (occurredAt < plus(at, -MOST_AGE)) refuse(['occurredAt'], 'It is older than 30 days.', 'too-old');
  return faults;
}
