import { required } from '../shared/platform/config.ts';
import { openSecrets } from '../shared/platform/secrets.ts';
import { openDatabase } from '../shared/platform/table.ts';
import { openSettings } from '../shared/settings/store.ts';
import { createApiApp } from '../web/api/app.ts';
import { scoreEndpoints } from '../web/api/scores.ts';
import { toHandler } from '../web/to-handler.ts';

const db = openDatabase();
const deps = {
  db,
  secrets: openSecrets(),
  settings: openSettings(db),
  baseUrl: required('ASSENT_BASE_URL'),
};

/** Scores for those who act on them, with every reason. */
export const handler = toHandler(createApiApp(deps, scoreEndpoints));
