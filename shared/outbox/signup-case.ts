import { now } from '../platform/clock.ts';
import type { Instant } from '../platform/clock.ts';
import { log, metric } from '../platform/log.ts';
import type { Secrets } from '../platform/secrets.ts';
import { write } from '../platform/table.ts';
import type { Database } from '../platform/table.ts';
import type { Brand } from '../settings/brand.ts';
import type { Settings } from '../settings/store.ts';
import { nextDue } from '../signup/next-step.ts';
import type { Ending, PendingSignup, Progress, SignupRequest } from '../signup/pending.ts';
import { advance } from '../signup/store.ts';
import type { DispatchDeps } from './dispatch.ts';
import type { RenderDeps } from './render-signup-mail.ts';

export type SendSignupDeps = DispatchDeps &
  RenderDeps & {
    db: Database;
    secrets: Pick<Secrets, 'linkKeys' | 'evidenceMaster'>;
    settings: Settings;
  };

/** One request of one address, as just read. */
export type Case = {
  deps: SendSignupDeps;
  brand: Brand;
  pending: PendingSignup;
  requestId: string;
  request: SignupRequest;
  progress: Progress | undefined;
};

/** Moves the request on; where somebody else did so first, nothing happens and the item stays due. */
export async function move(item: Case, to: Progress, options: { free?: boolean } = {}): Promise<void> {
  const { deps, pending, requestId, progress } = item;
  await write(
    deps.db,
    advance(pending, requestId, progress, to, { ...options, dueAt: nextDueWith(item, to) }),
  );
}

/** Closes a request and forgets what was posted. */
export async function end(item: Case, as: Ending): Promise<void> {
  const { deps, pending, requestId, progress } = item;
  const at = now();
  const open = progress?.state !== 'closed';
  await write(
    deps.db,
    advance(pending, requestId, progress, open ? { state: 'closed', as, at } : progress, {
      forget: true,
      free: open,
    }),
  );
}

/** Ends a request whose mail cannot be sent, loudly. */
export async function giveUp(item: Case): Promise<void> {
  // Limits kept it back until its time was over: nobody's mail failed.
  if (item.progress?.state === 'deferred') return end(item, 'suppressed');
  log('error', 'mail-given-up', { purpose: 'confirmation', form: item.request.form.id });
  metric('mail-given-up', 1, { purpose: 'confirmation' });
  await end(item, 'failed');
}

/** When the item is due once this request is at `to`. */
export function nextDueWith({ pending, requestId }: Case, to: Progress): Instant | null {
  return nextDue({ ...pending, progress: new Map([...pending.progress, [requestId, to]]) }, now());
}
