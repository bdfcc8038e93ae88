import { openSecrets } from '../shared/platform/secrets.ts';
import { openDatabase } from '../shared/platform/table.ts';
import { openSettings } from '../shared/settings/store.ts';
import { createUnsubscribeApp } from '../web/public/unsubscribe.tsx';
import { toHandler } from '../web/to-handler.ts';

const db = openDatabase();

export const handler = toHandler(
  createUnsubscribeApp({ db, secrets: openSecrets(), settings: openSettings(db) }),
);
