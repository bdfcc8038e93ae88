import type { Instant } from '../platform/clock.ts';
import { keys } from '../platform/keys.ts';
import type { Key } from '../platform/keys.ts';
import { scanPage } from '../platform/read-many.ts';
import type { Database } from '../platform/table.ts';

const OF_CONTACTS = keys.evidence('', 1).pk;

/** All evidence of acts up to an instant, whenever it came in: a pass through the whole table, before any root is. */
export async function* allEvidence(db: Database, until: Instant): AsyncGenerator<Key[]> {
  let from: Key | undefined;
  do {
    const page = await scanPage(db, 'ledger', { segment: 0, segments: 1, from, limit: 1000 });
    yield page.items
      .filter(({ pk, at }) => String(pk).startsWith(OF_CONTACTS) && String(at) <= until)
      .map(({ pk, sk }) => ({ pk: String(pk), sk: String(sk) }));
    from = page.next;
  } while (from);
}
