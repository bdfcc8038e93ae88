import { openSecrets } from '../shared/platform/secrets.ts';
import { openDatabase } from '../shared/platform/table.ts';
import { openSettings } from '../shared/settings/store.ts';
import { createConfirmApp } from '../web/public/confirm.tsx';
import { toHandler } from '../web/to-handler.ts';

const db = openDatabase();

export const handler = toHandler(
  createConfirmApp({ db, secrets: openSecrets(), settings: openSettings(db) }),
);
