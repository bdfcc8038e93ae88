import type { Instant } from '../platform/clock.ts';
import type { Secrets } from '../platform/secrets.ts';
import type { Database } from '../platform/table.ts';
import type { Settings } from '../settings/store.ts';
import type { Letter } from './dispatch.ts';
import type { MailTemplates } from './templates.ts';

/** What writing a mail takes. */
export type WriteDeps = {
  db: Database;
  secrets: Pick<Secrets, 'linkKeys' | 'evidenceMaster'>;
  settings: Settings;
  templates: MailTemplates;
  baseUrl: string;
};

/** A mail and whom it goes to; `addressKey` tells whether mail may go there at all. */
export type Written = Pick<Letter, 'to' | 'rendered' | 'headers'> & { addressKey: string };
/** The mailbox has just got such a mail: the next may go from then on (T7). */
export type NotYet = { notBefore: Instant };
