import { required } from '../shared/platform/config.ts';
import { openSecrets } from '../shared/platform/secrets.ts';
import { openDatabase } from '../shared/platform/table.ts';
import { openSettings } from '../shared/settings/store.ts';
import { createApiApp } from '../web/api/app.ts';
import { engagementEndpoints } from '../web/api/engagement.ts';
import { toHandler } from '../web/to-handler.ts';

const db = openDatabase();
const deps = {
  db,
  secrets: openSecrets(),
  settings: openSettings(db),
  baseUrl: required('ASSENT_BASE_URL'),
};

/** What other systems saw people do: much of it, and open to who signs, so apart from all else. */
export const handler = toHandler(createApiApp(deps, engagementEndpoints));
