import { HOUR, now } from '../platform/clock.ts';
import { write } from '../platform/table.ts';
import { untilRecorded } from '../permission/record.ts';
import { viewConfirmation } from './confirm.ts';
import type { ClosedRequest, ConfirmDeps, OpenRequest } from './confirm.ts';
import { readPageNonce } from './links.ts';
import { advance, readPending } from './store.ts';

export type ResendOutcome =
  { kind: 'resent'; brand: OpenRequest['brand'] } | { kind: 'show-page' } | OpenRequest | ClosedRequest;

/** A new mail for an expired request, asked for on its page, while its data is still kept (until day 14). */
export async function resendConfirmation(
  deps: ConfirmDeps,
  { token, pageNonce }: { token: string; pageNonce: string },
): Promise<ResendOutcome> {
  if (!readPageNonce(await deps.secrets.linkKeys(), token, pageNonce, 24 * HOUR))
    return { kind: 'show-page' };
  return untilRecorded(async (): Promise<ResendOutcome | undefined> => {
    const view = await viewConfirmation(deps, token);
    // Asked for before: it waits for SES or for the limit of the mailbox.
    if (view.kind === 'open' && (view.progress?.state === 'retry' || view.progress?.state === 'deferred'))
      return { kind: 'resent', brand: view.brand };
    if (view.kind !== 'expired' || !view.canResend) return view;
    const { ref, brand } = view;
    const pending = await readPending(deps.db, ref.brand, ref.addressKey);
    const progress = pending?.progress.get(ref.requestId);
    if (!pending) return { kind: 'expired', canResend: false, ref, brand };
    const at = now();
    const asked = await write(
      deps.db,
      advance(
        pending,
        ref.requestId,
        progress,
        { state: 'retry', until: at, askedAt: at, attempt: 0, unsure: 0 },
        { reopen: progress?.state === 'closed', wake: true, dueAt: at },
      ),
    );
    return asked ? { kind: 'resent', brand } : undefined;
  });
}
