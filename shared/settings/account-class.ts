import * as z from 'zod';

/**
 * What a company is to us (DOMAIN 1): `consultant` multiplies, `partner` deals or distributes, `neutral` is a student,
 * job seeker, press or investor. A `competitor` never gets advertising.
 */
export const ACCOUNT_CLASSES = [
  'prospect',
  'customer',
  'partner',
  'consultant',
  'neutral',
  'competitor',
  'unknown',
] as const;
export const accountClass = z.enum(ACCOUNT_CLASSES);
export type AccountClass = z.infer<typeof accountClass>;
