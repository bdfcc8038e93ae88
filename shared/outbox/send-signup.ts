import { now } from '../platform/clock.ts';
import { nextDue, nextStep } from '../signup/next-step.ts';
import type { Step } from '../signup/next-step.ts';
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
  for (const requestId of await requestIds(deps, brandId, addressKey)) {
    // What one step leads to is found by looking again: a mail accepted may be a grant due.
    for (let round = 0; brand && round < 3; round += 1) {
      const pending = await readPending(deps.db, brandId, addressKey);
      const request = pending?.requests.get(requestId);
      if (!pending || !request) break;
      const step = nextStep(pending, requestId, now());
      if (step === 'none') break;
      await take(step, {
        deps,
        brand,
        pending,
        requestId,
        request,
        progress: pending.progress.get(requestId),
      });
    }
  }
}

/** Oldest first. Where there is nothing to do, the item is left due at the right time only. */
async function requestIds(deps: SendSignupDeps, brandId: string, addressKey: string): Promise<string[]> {
  const pending = await readPending(deps.db, brandId, addressKey);
  if (!pending) return [];
  const at = now();
  const requests = [...pending.requests].sort(([, a], [, b]) => (a.at < b.at ? -1 : 1));
  const ids = requests.map(([id]) => id).filter((id) => nextStep(pending, id, at) !== 'none');
  if (ids.length === 0) await settleDue(deps.db, pending, nextDue(pending, at));
  return ids;
}

async function take(step: Step, item: Case): Promise<void> {
  switch (step) {
    case 'none':
      return;
    case 'supersede':
      return end(item, 'superseded');
    case 'send':
      return sendConfirmation(item);
    case 'give-up':
      return giveUp(item);
    case 'grant':
      return grantAccepted(item);
    case 'expire':
      return expire(item);
    case 'purge':
      return end(item, 'expired');
  }
}

/** The link no longer works. What was granted without a click stays granted; the rest may be asked for again. */
async function expire(item: Case): Promise<void> {
  const sent = item.progress?.state === 'sent' ? item.progress : undefined;
  if (sent?.granted) return end(item, 'confirmed');
  if (sent?.plan.kind === 'already-registered') return end(item, 'answered');
  await move(item, { state: 'closed', as: 'expired', at: now() }, { free: true });
}
