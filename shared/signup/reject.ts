import { HOUR, now } from '../platform/clock.ts';
import { write } from '../platform/table.ts';
import { untilRecorded } from '../permission/record.ts';
import { withdraw } from '../permission/withdraw.ts';
import { viewConfirmation } from './confirm.ts';
import type { ClosedRequest, ConfirmDeps, ConfirmInput } from './confirm.ts';
import { readPageNonce } from './links.ts';
import { advance } from './store.ts';

/**
 * "That was not me": the request ends and its data goes; a confirmed opt-in that followed is withdrawn in the
 * same transaction.
 */
export async function rejectSignup(
  deps: ConfirmDeps,
  input: ConfirmInput,
): Promise<{ kind: 'show-page' } | ClosedRequest> {
  if (!readPageNonce(await deps.secrets.linkKeys(), input.token, input.pageNonce, 24 * HOUR)) {
    return { kind: 'show-page' };
  }
  return untilRecorded(async (): Promise<ClosedRequest | undefined> => {
    const view = await viewConfirmation(deps, input.token);
    if (view.kind !== 'open') return view;
    const { pending, progress, ref, brand } = view;
    const at = now();
    // What is due next is left to the clock: another request may be coming in just now.
    const end = advance(
      pending,
      ref.requestId,
      progress,
      { state: 'closed', as: 'rejected', at },
      { forget: true, free: true },
    );
    const sent = progress?.state === 'sent' ? progress : undefined;
    const done = sent?.granted
      ? await withdraw(deps, {
          contactId: sent.granted.contactId,
          brand,
          // What the mail granted; the owner may have proven others of these uses before.
          scope: { kind: 'uses', uses: sent.plan.accept },
          route: 'not-me',
          actor: { kind: 'person' },
          ip: input.ip,
          userAgent: input.userAgent,
          also: [end],
        })
      : undefined;
    const ended = done?.kind === 'withdrawn' || (await write(deps.db, end));
    return ended ? { kind: 'rejected', ref, brand } : undefined;
  });
}
