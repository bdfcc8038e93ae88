import * as z from 'zod';

import { mailState } from '../permission/mail-state.ts';
import { login } from '../preferences/login.ts';
import { newAddress } from '../preferences/new-address.ts';
import { language } from '../settings/language.ts';

const instant = z.iso.datetime({ precision: 3 });

const common = {
  id: z.string(),
  controller: z.string(),
  brand: z.string(),
  language,
  createdAt: instant,
  progress: mailState,
};
const ofContact = { ...common, contactId: z.string() };

/** A service mail: one that follows from an act in the ledger, or whose link somebody asked for. */
export const mailItem = z.discriminatedUnion('kind', [
  z.object({
    ...ofContact,
    kind: z.enum(['welcome', 'unsubscribe-receipt', 'choices-receipt', 'address-notice']),
    /** The ledger entry it follows from. */
    seq: z.int(),
  }),
  /** A person's request was answered. */
  z.object({ ...ofContact, kind: z.literal('request-answered'), requestId: z.string() }),
  /** What its link confirms (D3). */
  z.object({ ...ofContact, kind: z.literal('new-address'), change: newAddress }),
  /** Whose it is, the address tells when it is sent (T6). */
  z.object({ ...common, kind: z.literal('log-in'), login }),
]);
export type MailItem = z.infer<typeof mailItem>;
/** A mail that follows from an entry. */
export type EntryMail = Extract<MailItem, { seq: number }>;
/** A mail that nothing was done about. */
export type NewMail<M extends MailItem = MailItem> = M extends MailItem ? Omit<M, 'progress'> : never;
