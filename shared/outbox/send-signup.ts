import { forgetUnowned } from '../contacts/store.ts';
import { now } from '../platform/clock.ts';
import type { Instant } from '../platform/clock.ts';
import { nextDue, nextStep } from '../signup/next-step.ts';
import type { Step } from '../signup/next-step.ts';
import type { PendingSignup } from '../signup/pending.ts';
import { readPending, settleDue } from '../signup/store.ts';
import { grantAccepted, sendConfirmation } from './send-confirmation.ts';
import { end, giveUp, move } from './signup-case.ts';
import type { Case, SendSignupDeps } from './signup-case.ts';

/**
 * Does for all requests of one address what is to be done now. Reads the present state and moves each request by
 * conditional writes, so that two of us at once, a repeat or a crash at any line send nothing twice.
 */
export async function sendPendingSignups(
  deps: SendSignupDeps,
  brandId: string,
  addressKey: string,
): Promise<void> {
  const brand = await deps.settings.brand(brandId);
  let pending = await readPending(deps.db, brandId, addressKey);
  if (!brand || !pending) return;
  const ids = openRequests(pending, now());
  if (ids.length === 0) await rest(deps, pending);
  for (const [position, requestId] of ids.entries()) {
    if (position > 0) pending = await readPending(deps.db, brandId, addressKey);
    let rounds = 3;
    while (pending && rounds > 0) {
      const request = pending.requests.get(requestId);
      const step = nextStep(pending, requestId, now());
      if (!request || step === 'none') break;
      const progress = pending.progress.get(requestId);
      const more = await take(step, { deps, brand, pending, requestId, request, progress });
      // What a step leads to is found by looking again: a mail accepted may be a grant due.
      rounds = more ? rounds - 1 : 0;
      if (more) pending = await readPending(deps.db, brandId, addressKey);
    }
  }
}

/** Where there is nothing to do, the item is left due at the right time only; at the end its address is forgotten. */
async function rest({ db }: SendSignupDeps, pending: PendingSignup): Promise<void> {
  await settleDue(db, pending, nextDue(pending, now()));
  const owned = [...pending.progress.values()].some(
    (done) => done.state === 'closed' && done.as === 'confirmed',
  );
  if (pending.requests.size === 0 && !owned) await forgetUnowned(db, pending.controller, pending.addressKey);
}

/** Requests with something to do, oldest first. */
function openRequests(pending: PendingSignup, at: Instant): string[] {
  const requests = [...pending.requests].sort(([, a], [, b]) => (a.at < b.at ? -1 : 1));
  return requests.map(([id]) => id).filter((id) => nextStep(pending, id, at) !== 'none');
}

/** True where the step may have led to another one. */
async function take(step: Step, item: Case): Promise<boolean> {
  switch (step) {
    case 'send':
      return sendConfirmation(item);
    case 'grant':
      await grantAccepted(item);
      return false;
    case 'supersede':
      await end(item, 'superseded');
      return false;
    case 'give-up':
      await giveUp(item);
      return false;
    case 'expire':
      await expire(item);
      return false;
    case 'purge':
      await end(item, 'expired');
      return false;
    case 'none':
      return false;
  }
}

/** The link no longer works. What was granted without a click stays granted; the rest may be asked for again. */
async function expire(item: Case): Promise<void> {
  const sent = item.progress?.state === 'sent' ? item.progress : undefined;
  if (sent?.granted) return end(item, 'confirmed');
  if (sent?.plan.kind === 'already-registered') return end(item, 'answered');
  await move(item, { state: 'closed', as: 'expired', at: now() }, { free: true });
}
