import { errorFields, log } from '../platform/log.ts';
import type { Instant } from '../platform/clock.ts';
import { addressAt, contactAt } from './contact-at.ts';
import { ERASED, decide } from './decide.ts';
import { findContacts } from './find-contacts.ts';
import type { ContactRef, FindDeps } from './find-contacts.ts';
import { loadKnown } from './load-known.ts';
import type { Found, LoadDeps } from './load-known.ts';
import { decideAndBook } from './reserve.ts';
import type { Booked, Intent } from './reserve.ts';
import { takeSnapshot } from './take-snapshot.ts';
import type { Known, Question, Settled } from './take-snapshot.ts';
import { tellVolume } from './volume.ts';

export type DecideDeps = FindDeps & LoadDeps;
export type Candidate = { ref: ContactRef; reservationId?: string | undefined };
export type DecideInput = {
  controller: string;
  candidates: readonly Candidate[];
  question: Question;
  settled: Settled;
  /** What an allowed attempt leaves behind; nothing where it is only asked. */
  intent?: Intent | undefined;
  /** The instant asked for is past: what was true then is read from the evidence. */
  past: boolean;
};
export type Outcome =
  | ({ kind: 'decided'; contactId: string | undefined } & Booked)
  | { kind: 'not-found' | 'unreadable' | 'unavailable' };

/** Writes side by side; more would only wait for each other. */
const AT_ONCE = 50;

/** Decides about each contact for itself: whatever is wrong with one never fails the others. */
export async function decideContacts(deps: DecideDeps, input: DecideInput): Promise<Outcome[]> {
  const refs = input.candidates.map(({ ref }) => ref);
  const searches = await findContacts(deps, input.controller, refs);
  const found: Found[] = searches.flatMap((search) => (search.kind === 'found' ? [search] : []));
  const then = input.past ? await asOf(deps, found, input.question.at) : found;
  const known = await loadKnown(
    deps,
    input.question,
    then.filter((each) => each !== undefined),
  );
  const knownOf = new Map(known.map((each) => [each.contact.id, each]));
  const outcomes: Outcome[] = [];
  for (let from = 0; from < searches.length; from += AT_ONCE) {
    const group = searches.slice(from, from + AT_ONCE).map(async (search, position): Promise<Outcome> => {
      if (search.kind === 'erased') return { kind: 'decided', contactId: undefined, decision: ERASED };
      if (search.kind !== 'found') return { kind: search.kind };
      const one = knownOf.get(search.contact.id);
      const reservationId = input.candidates[from + position]?.reservationId;
      return one ? decideOne(deps, input, { ...one, reservationId }) : { kind: 'not-found' };
    });
    outcomes.push(...(await Promise.all(group)));
  }
  const { intent } = input;
  if (intent?.kind === 'record' && intent.channel === 'email' && outcomes.some(isSent)) {
    await tellVolume(deps.db, input.question, intent);
  }
  return outcomes;
}

async function decideOne(deps: DecideDeps, input: DecideInput, known: Known): Promise<Outcome> {
  const { question, settled, intent, past } = input;
  const contactId = known.contact.id;
  try {
    if (intent) {
      return { kind: 'decided', contactId, ...(await decideAndBook(deps, question, settled, known, intent)) };
    }
    const then = past ? { ...known, address: addressAt(known.address, question.at) } : known;
    return { kind: 'decided', contactId, decision: decide(takeSnapshot(question, settled, then)) };
  } catch (error) {
    log('error', 'decision-failed', { contactId, ...errorFields(error) });
    return { kind: 'unavailable' };
  }
}

function isSent(outcome: Outcome): boolean {
  return outcome.kind === 'decided' && outcome.sendId !== undefined;
}

async function asOf(deps: DecideDeps, found: Found[], at: Instant): Promise<(Found | undefined)[]> {
  return Promise.all(
    found.map(async ({ contact, address }) => {
      const then = await contactAt(deps.db, contact, at);
      return then && { contact: then, address };
    }),
  );
}
