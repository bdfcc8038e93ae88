import { DAY, plus, toTtl } from '../platform/clock.ts';
import type { Instant } from '../platform/clock.ts';
import { keys } from '../platform/keys.ts';
import type { Database } from '../platform/table.ts';
import { untilRecorded } from '../permission/record.ts';
import { nextMailAt } from './mailbox-limit.ts';
import type { MailboxLimits } from './mailbox-limit.ts';
import { readMailboxLimit, writeMailboxLimit } from './store.ts';

/** Claims a mail to a mailbox now, or says when the next one may go. */
export async function claimMailbox(
  db: Database,
  place: { controller: string; limitKey: string },
  ref: string,
  at: Instant,
  limits: MailboxLimits,
): Promise<{ claimed: true } | { claimed: false; until: Instant }> {
  const key = keys.mailboxLimit(place.controller, place.limitKey);
  return untilRecorded(async () => {
    const found = await readMailboxLimit(db, key);
    if (found?.sends.some((send) => send.ref === ref)) return { claimed: true as const };
    const recent = (found?.sends ?? []).filter((send) => send.at > plus(at, -DAY));
    const until = nextMailAt(recent, at, limits);
    if (until > at) return { claimed: false as const, until };
    const sends = [...recent, { at, ref }];
    const written = await writeMailboxLimit(
      db,
      key,
      { rev: (found?.rev ?? 0) + 1, sends },
      toTtl(plus(at, 2 * DAY)),
    );
    return written ? { claimed: true as const } : undefined;
  });
}
