import * as z from 'zod';

import { keys } from '../platform/keys.ts';
import { getMany } from '../platform/read-many.ts';
import type { Database } from '../platform/table.ts';
import { diff } from './diff.ts';
import type { SettingKind } from './store.ts';

/** One version of a document: who made it when, on whose responsibility, and what it changed. */
export const settingVersion = z.object({
  version: z.int().positive(),
  actor: z.string(),
  at: z.string(),
  acknowledged: z
    .object({ codes: z.array(z.string()), name: z.string(), reason: z.string() })
    .optional()
    .meta({ description: 'Findings that somebody took the responsibility for' }),
});
export const difference = z.object({
  pointer: z.string(),
  from: z.unknown().optional(),
  to: z.unknown().optional(),
});
export type SettingVersion = z.infer<typeof settingVersion> & { diff: z.infer<typeof difference>[] };
const stored = settingVersion.extend({ document: z.unknown() });

/** Versions of a document from `newest` downwards, at most `limit`; every version is kept, so they are counted down. */
export async function readHistory(
  db: Database,
  { kind, id, newest, limit }: { kind: SettingKind; id: string; newest: number; limit: number },
): Promise<SettingVersion[]> {
  // One more than asked for, to tell what the last one changed.
  const count = Math.min(newest, limit + 1);
  const wanted = Array.from({ length: count }, (_, back) => keys.settingVersion(kind, id, newest - back));
  const found = await getMany(db, 'config', wanted, stored);
  return found.slice(0, limit).flatMap((item, back) => {
    if (!item) return [];
    const { document, ...version } = item;
    return [{ ...version, diff: diff(found[back + 1]?.document, document) }];
  });
}
