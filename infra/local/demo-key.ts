import { chmod, readFile, writeFile } from 'node:fs/promises';

import { now } from '../../shared/platform/clock.ts';
import type { Database } from '../../shared/platform/table.ts';
import { SCOPES, readApiKeyText } from '../../shared/settings/api-key.ts';
import { createApiKey, findApiKey } from '../../shared/settings/api-key-store.ts';
import { demoBrand } from '../../shared/settings/demo.ts';

/**
 * Makes an API key for the demo company and keeps it in a file that its owner alone can read, so that the API can be
 * tried at once. On this machine only; it cannot open what is kept for legal reasons alone.
 */
export async function ensureDemoKey(db: Database, path: string): Promise<void> {
  const known = readApiKeyText((await readFile(path, 'utf8').catch(() => '')).trim());
  if (known && (await findApiKey(db, known.hash))) return chmod(path, 0o600);
  const { text } = await createApiKey(db, {
    controller: demoBrand.controller.id,
    name: 'demo',
    scopes: SCOPES.filter((scope) => scope !== 'evidence:legal'),
    createdAt: now(),
  });
  await writeFile(path, `${text}\n`, { mode: 0o600 });
}
