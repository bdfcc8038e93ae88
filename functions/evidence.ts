import { optional, required } from '../shared/platform/config.ts';
import { openSecrets } from '../shared/platform/secrets.ts';
import { openSigner } from '../shared/platform/signer.ts';
import { openDatabase } from '../shared/platform/table.ts';
import { openSettings } from '../shared/settings/store.ts';
import { createApiApp } from '../web/api/app.ts';
import { evidenceEndpoints } from '../web/api/evidence.tsx';
import { serveKeys } from '../web/api/jwks.ts';
import { signupTemplates } from '../web/mail/signup-templates.ts';
import { toHandler } from '../web/to-handler.ts';

const db = openDatabase();
// Where its key is a file, its tables are on the same machine.
const isOneMachine = optional('ASSENT_SIGNING_KEY_FILE') !== undefined;
const deps = {
  db,
  secrets: openSecrets(),
  settings: openSettings(db),
  signer: openSigner(),
  templates: signupTemplates,
  baseUrl: required('ASSENT_BASE_URL'),
  ...(isOneMachine
    ? { storage: 'this machine', processors: [] }
    : { storage: `AWS ${required('AWS_REGION')}`, processors: ['Amazon Web Services'] }),
};
const app = createApiApp(deps, evidenceEndpoints);
serveKeys(app, db);

/** The proof of every permission, and the keys that it is verified with. */
export const handler = toHandler(app);
