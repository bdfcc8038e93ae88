import { MINUTE, plus } from '../platform/clock.ts';
import type { Instant } from '../platform/clock.ts';
import { LINK_LIFETIME, askedAt, linkExpiry, purgeAt } from './pending.ts';
import type { PendingSignup, Progress, SignupRequest } from './pending.ts';

/** How long an attempt whose answer we did not see may be resolved by SES's own Send event (S7). */
export const UNSURE_WAIT = 10 * MINUTE;
/** A confirmation mail that SES may have taken already is sent again at most this often (S7). */
export const MAX_UNSURE = 1;
/** Unless something else is known, an item is looked at again after this. */
export const RECHECK = 5 * MINUTE;

/** What should happen to one request now. */
export type Step = 'none' | 'supersede' | 'send' | 'give-up' | 'grant' | 'expire' | 'purge';

/** Decides from the present state alone, so that a repeated, late or lost wake-up does no harm. */
export function nextStep(pending: PendingSignup, requestId: string, at: Instant): Step {
  const request = pending.requests.get(requestId);
  const done = pending.progress.get(requestId);
  if (!request) return 'none';
  if (at >= purgeAt(request)) return 'purge';
  if (done?.state === 'closed') return 'none';
  if (done?.state === 'sent') {
    if (done.plan.accept.length > 0 && !done.granted) return 'grant';
    return at >= linkExpiry(request, done) ? 'expire' : 'none';
  }
  if (done?.state === 'sending') {
    if (at < plus(done.mail.startedAt, UNSURE_WAIT)) return 'none';
    return done.unsure >= MAX_UNSURE ? 'give-up' : 'send';
  }
  if (hasNewerTwin(pending, requestId, request)) return 'supersede';
  if (at >= plus(askedAt(request, done), LINK_LIFETIME)) return 'give-up';
  return done === undefined || at >= done.until ? 'send' : 'none';
}

/** When the item must be looked at again; null where nothing can happen by itself any more. */
export function nextDue(pending: PendingSignup, at: Instant): Instant | null {
  const instants = [...pending.requests].flatMap(([requestId, request]) => [
    nextLook(request, pending.progress.get(requestId), at),
    // Whatever a request waits for, its data goes in time (G13).
    purgeAt(request),
  ]);
  return instants.sort()[0] ?? null;
}

function nextLook(request: SignupRequest, done: Progress | undefined, at: Instant): Instant {
  switch (done?.state) {
    case undefined:
      return plus(at, RECHECK);
    case 'deferred':
    case 'retry':
      return done.until;
    case 'sending':
      return plus(done.mail.startedAt, UNSURE_WAIT);
    case 'sent':
      return done.plan.accept.length > 0 && !done.granted ? plus(at, RECHECK) : linkExpiry(request, done);
    case 'closed':
      return purgeAt(request);
  }
}

/** Of requests that ask for the same and wait for a mail, only the newest gets one (T7). */
function hasNewerTwin(pending: PendingSignup, requestId: string, request: SignupRequest): boolean {
  return [...pending.requests].some(
    ([otherId, other]) =>
      (other.at > request.at || (other.at === request.at && otherId > requestId)) &&
      isWaiting(pending.progress.get(otherId)) &&
      asksForTheSame(request, other),
  );
}

function isWaiting(done: Progress | undefined): boolean {
  return done === undefined || done.state === 'deferred' || done.state === 'retry';
}

function asksForTheSame(a: SignupRequest, b: SignupRequest): boolean {
  return wanted(a) === wanted(b);
}

function wanted({ form, uses, topics }: SignupRequest): string {
  return JSON.stringify([form.id, Object.keys(uses).sort(), [...topics].sort()]);
}
