import type { Instant } from '../../../shared/platform/clock.ts';
import type { Limits } from '../../../shared/settings/limits.ts';
import type { Localized } from '../../../shared/settings/language.ts';
import type { Mail, Mailbox } from '../mailbox.ts';
import type { SesServer } from '../ses-server.ts';

export type FormLink = { id: string; title: Localized };
/** What waits in the outbox, without a word about whom it is for. */
export type OutboxState = {
  /** Items by kind and state, such as `mail waiting`. */
  counts: Record<string, number>;
  oldestDue: Instant | undefined;
  sample: { key: string; states: string[]; dueAt: Instant | undefined }[];
  /** Not all items were looked at. */
  partial: boolean;
};

/** What the pages under `/dev` show and do. */
export type DevDeps = {
  mailbox: Mailbox;
  ses: Pick<SesServer, 'switch' | 'switches'>;
  /** Makes SES report something about a mail, through the queue. */
  report: (type: 'Bounce' | 'Complaint', mail: Mail) => void;
  clock: { now: () => Instant; offsetMs: () => number; advance: (ms: number) => Promise<Instant> };
  limits: { read: () => Promise<Limits>; change: (change: Partial<Limits>) => Promise<Limits> };
  forms: () => Promise<FormLink[]>;
  outbox: () => Promise<OutboxState>;
};
