import { sentUse } from '../permission/sent-use.ts';
import type { SentUse } from '../permission/sent-use.ts';
import { keys } from '../platform/keys.ts';
import { queryPartition } from '../platform/read-many.ts';
import type { Database } from '../platform/table.ts';

/** What was sent to a contact, and which calls were made, oldest first, as long as the promotion history keeps it. */
export async function readSentUses(db: Database, contactId: string): Promise<SentUse[]> {
  const { pk } = keys.promotion(contactId, '', '');
  return Array.fromAsync(queryPartition(db, 'engagement', pk, sentUse, 'PROMO#'));
}
