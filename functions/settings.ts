import { required } from '../shared/platform/config.ts';
import { openSecrets } from '../shared/platform/secrets.ts';
import { openDatabase } from '../shared/platform/table.ts';
import { openSettings } from '../shared/settings/store.ts';
import { createApiApp } from '../web/api/app.ts';
import { SETTINGS_ENDPOINTS } from '../web/api/settings-endpoints.ts';
import { toHandler } from '../web/to-handler.ts';

const db = openDatabase();
const deps = {
  db,
  secrets: openSecrets(),
  settings: openSettings(db),
  baseUrl: required('ASSENT_BASE_URL'),
};

/** How the operator wants it. */
export const handler = toHandler(createApiApp(deps, SETTINGS_ENDPOINTS));
