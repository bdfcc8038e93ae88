import * as z from 'zod';

import { permission } from '../contacts/contact.ts';
import { limit } from '../frequency/caps.ts';
import { countedSlot } from '../frequency/slots.ts';
import { accountClass } from '../settings/account-class.ts';
import { permissionModel } from '../settings/brand.ts';
import { CHANNELS } from '../settings/uses.ts';
import { sendingStop } from './guard.ts';
import { floor } from './legal-floor.ts';

const instant = z.iso.datetime({ precision: 3 });

/** As much of a basis as the legal floor asks for; who said what stays on the contact. */
export const floorBasis = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('presumed-interest'), seq: z.int() }),
  z.object({ kind: z.literal('existing-customer'), seq: z.int(), productGroup: z.string() }),
  /** `until`: the end of an implied consent; publication has none (L2). */
  z.object({ kind: z.literal('implied'), seq: z.int(), until: instant.optional() }),
]);
export type FloorBasis = z.infer<typeof floorBasis>;

/**
 * Everything that a decision rests on, as it was at `at`. Stored with every message really sent, so that the decision
 * replays; nothing in it names or addresses the person.
 */
export const snapshot = z.object({
  schema: z.literal(1),
  at: instant,
  contactId: z.string(),
  brand: z.string(),
  use: z.object({
    id: z.string(),
    channel: z.enum([...CHANNELS, 'data']),
    bulk: z.boolean(),
    classes: z.array(accountClass).optional(),
  }),
  topic: z.object({ id: z.string(), productGroup: z.string().optional() }).optional(),
  model: permissionModel,
  floor,
  erased: z.boolean(),
  /** There is an address, number or street for the channel. */
  reachable: z.boolean(),
  suppressed: z.enum(['complaint', 'hard-bounce', 'soft-bounces']).optional(),
  accountClass,
  /** The stored permission that counts; none at the resting status. */
  permission: permission.optional(),
  /** "No advertising at all"; where it is the last word, `permission` says `withdrawn` or lies under a block. */
  noAdvertising: z.object({ since: instant, seq: z.int() }).optional(),
  /** The person restricted the use of their data, and agreed to nothing new here since. */
  restricted: z.object({ since: instant, seq: z.int() }).optional(),
  /** The grant was given for the address that the contact has now. */
  sameAddress: z.boolean(),
  lapsed: z.object({ since: instant, seq: z.int() }).optional(),
  lastUse: instant.optional(),
  lapse: z.object({ months: z.int(), warnMonths: z.int() }),
  basis: floorBasis.optional(),
  holdUntil: instant.optional(),
  pausedUntil: instant.optional(),
  /** Mail of this purpose was stopped for all. */
  stopped: sendingStop.pick({ since: true, why: true }).optional(),
  limits: z.array(limit),
  slots: z.array(countedSlot),
});
export type Snapshot = z.infer<typeof snapshot>;
