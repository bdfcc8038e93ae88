import { wakeDue } from '../shared/outbox/wake.ts';
import { openSecrets } from '../shared/platform/secrets.ts';
import { openDatabase } from '../shared/platform/table.ts';
import { wakeScores } from '../shared/scoring/wake-scores.ts';
import { wakeContacts } from '../shared/retention/wake-contacts.ts';
import { openSettings } from '../shared/settings/store.ts';

const db = openDatabase();
const deps = { db, secrets: openSecrets(), settings: openSettings(db) };

export async function handler(): Promise<void> {
  const runs = await Promise.allSettled([wakeDue(db), wakeContacts(deps), wakeScores(db)]);
  // Each has gone as far as it could before the run fails.
  for (const run of runs) if (run.status === 'rejected') throw run.reason;
}
