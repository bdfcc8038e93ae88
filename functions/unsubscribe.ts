import { handle } from 'hono/aws-lambda';

import { openSecrets } from '../shared/platform/secrets.ts';
import { openDatabase } from '../shared/platform/table.ts';
import { openSettings } from '../shared/settings/store.ts';
import { createUnsubscribeApp } from '../web/public/unsubscribe.tsx';

const db = openDatabase();

export const handler = handle(
  createUnsubscribeApp({ db, secrets: openSecrets(), settings: openSettings(db) }),
);
