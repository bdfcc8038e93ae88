import { runJobs } from '../shared/jobs/run-jobs.ts';
import { openDatabase } from '../shared/platform/table.ts';
import { openSettings } from '../shared/settings/store.ts';

const db = openDatabase();
const deps = { db, settings: openSettings(db) };

export async function handler(): Promise<void> {
  await runJobs(deps);
}
