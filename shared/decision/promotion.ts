import * as z from 'zod';

import { settingId } from '../settings/brand.ts';
import { CHANNELS } from '../settings/uses.ts';
import { decision } from './decision.ts';
import { snapshot } from './snapshot.ts';

/** The sender's own name for a mailing, a list of calls, a letter; it stands in mail tags (S4). */
export const mailingId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,100}$/, 'letters, digits, hyphens and underscores');

const sent = {
  sendId: z.string(),
  contactId: z.string(),
  at: z.iso.datetime({ precision: 3 }),
  channel: z.enum(CHANNELS),
  brand: settingId,
  use: settingId,
  topics: z.array(settingId),
  mailing: mailingId,
};

/** What a send id stands for: later news about a message finds contact, use, topics and mailing by it. */
export const send = z.object(sent);
export type Send = z.infer<typeof send>;

/** One message of the promotion history, with the decision that allowed it and what that rested on. */
export const promotion = z.object({ ...sent, decision, snapshot });
export type Promotion = z.infer<typeof promotion>;
