import { handle } from 'hono/aws-lambda';

import { required } from '../shared/platform/config.ts';
import { openSecrets } from '../shared/platform/secrets.ts';
import { openDatabase } from '../shared/platform/table.ts';
import { openSettings } from '../shared/settings/store.ts';
import { createPreferencesApp } from '../web/public/preferences.tsx';

const db = openDatabase();

export const handler = handle(
  createPreferencesApp({
    db,
    secrets: openSecrets(),
    settings: openSettings(db),
    baseUrl: required('ASSENT_BASE_URL'),
  }),
);
