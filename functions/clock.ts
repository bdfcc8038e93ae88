import { wakeDue } from '../shared/outbox/wake.ts';
import { openDatabase } from '../shared/platform/table.ts';

const db = openDatabase();

export async function handler(): Promise<void> {
  await wakeDue(db);
}
