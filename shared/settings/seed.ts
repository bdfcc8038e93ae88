import { now } from '../platform/clock.ts';
import type { Database } from '../platform/table.ts';
import { DEMO_SETTINGS } from './demo.ts';
import { readSetting, saveSetting } from './store.ts';

/** Writes the demo company's settings where there are none yet; never touches what is there. */
export async function seedDemo(db: Database): Promise<number> {
  let written = 0;
  for (const { kind, id, document } of DEMO_SETTINGS) {
    if (await readSetting(db, kind, id)) continue;
    await saveSetting(db, kind, id, document, { expected: 0, actor: 'seed', at: now() });
    written += 1;
  }
  return written;
}
