import type { Instant } from '../../../shared/platform/clock.ts';
import type { Limits } from '../../../shared/settings/limits.ts';
import type { Localized } from '../../../shared/settings/language.ts';
import type { ReplayWish, Replayed } from '../../replay-shapes.ts';
import type { Mail, Mailbox } from '../mailbox.ts';
import type { Visit } from '../ses-event.ts';
import type { SesServer } from '../ses-server.ts';
import type { SampleOutcome } from './sample-mailing.ts';

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

type Choice = { id: string; name: Localized };
/** What an event of engagement can be about. */
export type EventChoices = { types: readonly Choice[]; topics: readonly Choice[] };
/** A signed event as it went out, and what was answered. */
export type SentEvent = {
  path: string;
  headers: Record<string, string>;
  body: string;
  status: number;
  answer: string;
};

/** What the pages under `/dev` show and do. */
export type DevDeps = {
  mailbox: Mailbox;
  ses: Pick<SesServer, 'switch' | 'switches'>;
  /** Makes SES report something about a mail, through the queue. */
  report: (type: 'Bounce' | 'Complaint', mail: Mail) => void;
  /** The same of an open or a click. */
  visit: (mail: Mail, visit: Visit) => void;
  /** Asks whether a contact may get a mailing, books it and sends it. */
  sendSample: (to: string) => Promise<SampleOutcome>;
  clock: { now: () => Instant; offsetMs: () => number; advance: (ms: number) => Promise<Instant> };
  limits: { read: () => Promise<Limits>; change: (change: Partial<Limits>) => Promise<Limits> };
  forms: () => Promise<FormLink[]>;
  outbox: () => Promise<OutboxState>;
  /** Gives a function again what it failed on. */
  replay: (wish: ReplayWish) => AsyncIterable<Replayed>;
  engagement: { choices: () => Promise<EventChoices>; send: (event: object) => Promise<SentEvent> };
};
