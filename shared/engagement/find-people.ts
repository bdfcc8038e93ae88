import { parseEmailAddress } from '../contacts/email-address.ts';
import { findContacts } from '../decision/find-contacts.ts';
import type { ContactRef, Search } from '../decision/find-contacts.ts';
import type { Actor } from '../permission/evidence.ts';
import { makeKnown } from '../permission/make-known.ts';
import type { MakeKnownDeps } from '../permission/make-known.ts';
import type { Instant } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import { CONTACT_REQUEST } from './incoming.ts';
import type { IncomingEvent } from './incoming.ts';

/** Who tells of events: a key or a source of one controller. */
export type Teller = { controller: string; actor: Actor; at: Instant };

/**
 * Finds everybody whom events are about, once however often they are named. Who asked to be contacted and is not known
 * becomes so, without any consent: the request permits its answer alone (DOMAIN 7).
 */
export async function findPeople(
  deps: MakeKnownDeps,
  teller: Teller,
  events: readonly IncomingEvent[],
): Promise<(ref: ContactRef) => Search> {
  const nameOf = (ref: ContactRef) => JSON.stringify(ref);
  const refs = [...new Map(events.map(({ contact }) => [nameOf(contact), contact])).values()];
  const found = await findContacts(deps, teller.controller, refs);
  const searches = new Map(refs.map((ref, index) => [nameOf(ref), found[index]]));
  const strangers = new Map(
    events
      .filter(({ type, contact }) => {
        return type === CONTACT_REQUEST && searches.get(nameOf(contact))?.kind === 'not-found';
      })
      .map((event) => [nameOf(event.contact), event]),
  );
  await Promise.all(
    [...strangers].map(async ([name, event]) => searches.set(name, await introduce(deps, teller, event))),
  );
  return (ref) => searches.get(nameOf(ref)) ?? { kind: 'not-found' };
}

async function introduce(
  deps: MakeKnownDeps,
  { controller, actor, at }: Teller,
  { contact: ref, source }: IncomingEvent,
): Promise<Search> {
  const email = 'email' in ref ? parseEmailAddress(ref.email) : undefined;
  if (!email?.ok) return { kind: 'not-found' };
  try {
    const { contact } = await makeKnown(deps, {
      controller,
      identity: { email: email.address },
      source: { kind: 'api', id: source },
      told: {},
      toldBy: 'import',
      actor,
      at,
    });
    return { kind: 'found', contact };
  } catch (error) {
    // Erased between our look and this write.
    if (error instanceof AppError && error.reason === 'erased') return { kind: 'erased' };
    throw error;
  }
}
