import { readAsset } from '../shared/platform/assets.ts';
import { required } from '../shared/platform/config.ts';
import { openSecrets } from '../shared/platform/secrets.ts';
import { openDatabase } from '../shared/platform/table.ts';
import { openSettings } from '../shared/settings/store.ts';
import { createApiApp } from '../web/api/app.ts';
import { CONTACTS_ENDPOINTS } from '../web/api/contacts-endpoints.ts';
import { serveDocuments } from '../web/api/serve-documents.ts';
import { toHandler } from '../web/to-handler.ts';

const db = openDatabase();
const deps = {
  db,
  secrets: openSecrets(),
  settings: openSettings(db),
  baseUrl: required('ASSENT_BASE_URL'),
};
const app = createApiApp(deps, CONTACTS_ENDPOINTS);
serveDocuments(app, readAsset);

/** Contacts and their permissions for other systems, and the description of the whole API. */
export const handler = toHandler(app);
