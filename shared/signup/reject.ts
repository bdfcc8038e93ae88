import { HOUR, now } from '../platform/clock.ts';
import { write } from '../platform/table.ts';
import { untilRecorded } from '../permission/record.ts';
import { withdraw } from '../permission/withdraw.ts';
import { viewConfirmation } from './confirm.ts';
import type { ClosedRequest, ConfirmDeps, ConfirmInput, OpenRequest } from './confirm.ts';
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
    const { brand, ref, progress } = view;
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
          also: async () => {
            const latest = await viewConfirmation(deps, input.token);
            return latest.kind === 'open' ? [endOf(latest)] : [];
          },
        })
      : undefined;
    const ended = done?.kind === 'withdrawn' || (await write(deps.db, endOf(view)));
    return ended ? { kind: 'rejected', ref, brand } : undefined;
  });
}

function endOf({ pending, progress, ref }: OpenRequest) {
  const closed = { state: 'closed', as: 'rejected', at: now() } as const;
  return advance(pending, ref.requestId, progress, closed, { forget: true, free: true });
}
