import type { Contact } from '../contacts/contact.ts';
import { dataUseSettings, grantedSince, mayUse } from '../decision/data-use.ts';
import type { Search } from '../decision/find-contacts.ts';
import type { MakeKnownDeps } from '../permission/make-known.ts';
import type { Instant } from '../platform/clock.ts';
import type { Settings } from '../settings/store.ts';
import { findPeople } from './find-people.ts';
import type { Teller } from './find-people.ts';
import { CONTACT_REQUEST, faultsOf } from './incoming.ts';
import type { EventRefusal, IncomingEvent } from './incoming.ts';
import { writeEvent } from './write-event.ts';

type ReceiveDeps = MakeKnownDeps & { settings: Pick<Settings, 'brand' | 'uses' | 'policy' | 'scoring'> };

/**
 * Writes what other systems saw contacts do. Each event is judged for itself; what is not refused is written when this
 * returns (W5). Sent again it completes what a failure cut short, and changes nothing else.
 * @returns for each event why it was not taken; nothing where it was
 */
export async function receiveEvents(
  deps: ReceiveDeps,
  teller: Teller,
  events: readonly IncomingEvent[],
): Promise<EventRefusal[][]> {
  const { controller, at } = teller;
  const [{ types }, { topics }, brands] = await Promise.all([
    deps.settings.scoring(controller),
    deps.settings.uses(controller),
    ownBrands(deps.settings, controller, events),
  ]);
  const faults = events.map((event) => faultsOf(event, { types, topics, brands }, at));
  const searchOf = await findPeople(
    deps,
    teller,
    events.filter((_, index) => faults[index]?.length === 0),
  );
  const tracked = new Set(types.flatMap(({ id, kind }) => (kind === 'tracked' ? [id] : [])));
  return Promise.all(
    events.map(async (event, index): Promise<EventRefusal[]> => {
      const known = faults[index] ?? [];
      if (known.length > 0) return known;
      const search = searchOf(event.contact);
      if (search.kind !== 'found') return [NOBODY[search.kind]];
      const isTracked = tracked.has(event.type);
      const refused = await refusalBy(deps.settings, search.contact, event, { isTracked, at });
      if (refused) return [refused];
      const { contact: _, ...told } = event;
      const more = isTracked ? { tracked: true as const } : {};
      await writeEvent(deps.db, { ...told, ...more, contactId: search.contact.id, controller });
      return [];
    }),
  );
}

/** The brands that events name, as far as they are the controller's. */
async function ownBrands(
  settings: ReceiveDeps['settings'],
  controller: string,
  events: readonly IncomingEvent[],
): Promise<ReadonlySet<string>> {
  const named = new Set(events.flatMap(({ brand }) => brand ?? []));
  const found = await Promise.all([...named].map((id) => settings.brand(id)));
  return new Set(found.flatMap((each) => (each?.controller.id === controller ? each.id : [])));
}

const NOBODY = {
  'not-found': { path: ['contact'], detail: 'There is no such contact.', code: 'unknown-contact' },
  erased: { path: ['contact'], detail: 'This person was erased.', code: 'erased' },
  unreadable: { path: ['contact'], detail: 'What is stored of this contact is damaged.', code: 'unreadable' },
} as const satisfies Record<Exclude<Search['kind'], 'found'>, EventRefusal>;

/** Why an event of this contact is not kept, if so. */
async function refusalBy(
  settings: ReceiveDeps['settings'],
  contact: Contact,
  { type, brand, occurredAt }: IncomingEvent,
  { isTracked, at }: { isTracked: boolean; at: Instant },
): Promise<EventRefusal | undefined> {
  const restricted = contact.restricted !== undefined;
  if (isTracked) {
    const isAllowed = mayUse('tracking', contact, await dataUseSettings(settings, contact), at, brand);
    if (isAllowed && occurredAt >= (grantedSince('tracking', contact, brand) ?? at)) return undefined;
    if (isAllowed)
      return {
        path: ['occurredAt'],
        detail: 'It was before the permission to track (G12).',
        code: 'no-tracking',
      };
    if (!restricted)
      return { path: ['contact'], detail: 'No permission to track (G12).', code: 'no-tracking' };
  }
  // Who asks for an answer wants their data used for it, whatever they restricted before (art. 18(2) GDPR).
  if (!restricted || type === CONTACT_REQUEST) return undefined;
  return { path: ['contact'], detail: 'This person restricted the use of their data.', code: 'restricted' };
}
