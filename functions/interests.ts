import { required } from '../shared/platform/config.ts';
import { openSecrets } from '../shared/platform/secrets.ts';
import { openDatabase } from '../shared/platform/table.ts';
import { openSettings } from '../shared/settings/store.ts';
import { createInterestsApp } from '../web/public/interests.tsx';
import { toHandler } from '../web/to-handler.ts';

const db = openDatabase();

export const handler = toHandler(
  createInterestsApp({
    db,
    secrets: openSecrets(),
    settings: openSettings(db),
    baseUrl: required('ASSENT_BASE_URL'),
  }),
);
