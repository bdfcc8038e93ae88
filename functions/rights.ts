import { handle } from 'hono/aws-lambda';

import { required } from '../shared/platform/config.ts';
import { openSecrets } from '../shared/platform/secrets.ts';
import { openDatabase } from '../shared/platform/table.ts';
import { openSettings } from '../shared/settings/store.ts';
import { createRightsApp } from '../web/public/rights.tsx';

const db = openDatabase();

export const handler = handle(
  createRightsApp({
    db,
    secrets: openSecrets(),
    settings: openSettings(db),
    baseUrl: required('ASSENT_BASE_URL'),
  }),
);
