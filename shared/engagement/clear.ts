import * as z from 'zod';

import { keys } from '../platform/keys.ts';
import type { Key } from '../platform/keys.ts';
import { queryPartition } from '../platform/read-many.ts';
import { remove } from '../platform/table.ts';
import type { Database } from '../platform/table.ts';

const keyed = z.object({
  pk: z.string(),
  sk: z.string(),
  sendId: z.string().optional(),
  accountId: z.string().optional(),
});

/** Removes all that is kept of a contact in `engagement`: history, events, scores, and what leads to them. */
export async function clearEngagement(db: Database, contactId: string): Promise<void> {
  const { pk } = keys.contact(contactId);
  const { sk: score } = keys.score(contactId);
  let batch: Key[] = [];
  const removeBatch = async () => {
    await Promise.all(batch.map((key) => remove(db, { remove: 'engagement', key })));
    batch = [];
  };
  for await (const { sk, sendId, accountId } of queryPartition(db, 'engagement', pk, keyed)) {
    // What leads to an item goes first: cut short in between, the item still names it.
    if (sendId !== undefined) await remove(db, { remove: 'engagement', key: keys.send(sendId) });
    if (sk === score && accountId !== undefined) {
      await remove(db, { remove: 'engagement', key: keys.scored(accountId, contactId) });
    }
    batch.push({ pk, sk });
    if (batch.length >= 25) await removeBatch();
  }
  await removeBatch();
}
