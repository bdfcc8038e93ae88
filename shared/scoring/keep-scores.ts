import { isDeepStrictEqual } from 'node:util';

import { now } from '../platform/clock.ts';
import { keys } from '../platform/keys.ts';
import type { Key } from '../platform/keys.ts';
import type { Change } from '../platform/stream.ts';
import { recalculate } from './recalculate.ts';
import type { ScoreDeps } from './recalculate.ts';
import { wakeAccount } from './store.ts';

/** What is worked out once for all changes of a batch: a contact, or a company. */
export function scoreOwner({ pk }: Key): string {
  return pk;
}

/** What a contact has that no score rests on: each message that is sent changes some of it. */
const IDLE = new Set([
  ...['frequency', 'lastUses', 'highAffinity', 'wish', 'pausedUntil', 'skipped', 'holdUntil'],
  ...['dueAt', 'dueShard', 'lookedAt', 'updatedAt', 'updatedShard'],
]);

/** Whether a change can have changed a score. */
export function concernsScore({ key, kind, before = {}, after = {} }: Change): boolean {
  if (kind !== 'MODIFY' || key.sk !== keys.contact('').sk) return true;
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].some((name) => !IDLE.has(name) && !isDeepStrictEqual(before[name], after[name]));
}

const [CONTACT, ACCOUNT] = [keys.contact('').pk, keys.account('').pk];

/**
 * Makes true what follows for scores from a change of a contact, of one of its events or of its company, wherever it
 * was told of.
 * @throws Error for a key of anything else: the stream's filter lets none through
 */
export async function keepScores(deps: ScoreDeps, { pk, sk }: Key): Promise<void> {
  const isNews = sk !== keys.contact('').sk;
  if (pk.startsWith(CONTACT)) return recalculate(deps, pk.slice(CONTACT.length), { isNews });
  if (pk.startsWith(ACCOUNT)) return wakeAccount(deps.db, pk.slice(ACCOUNT.length), now());
  throw new Error(`nobody has a score under ${pk.slice(0, 2)}`);
}
