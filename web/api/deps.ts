import type { Secrets } from '../../shared/platform/secrets.ts';
import type { Database } from '../../shared/platform/table.ts';
import type { Settings } from '../../shared/settings/store.ts';

/** What the endpoints of `/v1` work with. */
export type ApiDeps = {
  db: Database;
  secrets: Pick<Secrets, 'pepper' | 'linkKeys' | 'evidenceMaster' | 'webhookMaster'>;
  settings: Settings;
  /** Public origin of pages and links. */
  baseUrl: string;
};
