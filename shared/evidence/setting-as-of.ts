import type { Instant } from '../platform/clock.ts';
import type { Database } from '../platform/table.ts';
import { readHistory } from '../settings/history.ts';
import { readSetting, readSettingVersion } from '../settings/store.ts';
import type { Documents, SettingKind } from '../settings/store.ts';

/** A settings document as it stood at an instant, with its version; undefined where there was none yet. */
export async function settingAsOf<K extends SettingKind>(
  db: Database,
  kind: K,
  id: string,
  at: Instant,
): Promise<{ version: number; document: Documents[K] } | undefined> {
  const current = await readSetting(db, kind, id);
  if (!current) return undefined;
  const newest = current.version;
  const versions = await readHistory(db, { kind, id, newest, limit: newest });
  const inForce = versions.find((version) => version.at <= at);
  return inForce && readSettingVersion(db, kind, id, inForce.version);
}
