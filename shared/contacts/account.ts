import * as z from 'zod';

import { accountClass } from '../settings/account-class.ts';
import { countryCode } from '../settings/brand.ts';
import { parseEmailAddress } from './email-address.ts';
import { isPublicProvider } from './public-providers.ts';

const instant = z.iso.datetime({ precision: 3 });
/** What one transaction can move from one class to another, with room for the account itself (N1). */
const MAX_DOMAINS = 90;

/** An e-mail domain as people write it, in ASCII and lower case; mail providers name no company. */
export const companyDomain = z
  .string()
  .max(253)
  .transform((typed, context): string => {
    const parsed = parseEmailAddress(`info@${typed.trim()}`);
    if (parsed.ok && !isPublicProvider(parsed.address.domain)) return parsed.address.domain;
    const message = parsed.ok
      ? 'a public mail provider belongs to no company'
      : 'a domain such as example.com';
    context.issues.push({ code: 'custom', message, input: typed });
    return z.NEVER;
  });

/** Each domain once. */
export const companyDomains = z
  .array(companyDomain)
  .max(MAX_DOMAINS)
  .transform((domains) => [...new Set(domains)]);

/** What makes a company worth having (DOMAIN 6). */
export const accountFacts = z.object({
  employees: z.int().nonnegative().max(10_000_000).optional(),
  revenueMillions: z.number().nonnegative().max(10_000_000).describe('Millions of euros a year.').optional(),
  industry: z.string().optional(),
  country: countryCode.optional(),
  reference: z.boolean().describe('Its name opens doors.').optional(),
});

/** A company of one controller (DOMAIN 1). */
export const account = z.object({
  schema: z.literal(1),
  id: z.string(),
  controller: z.string(),
  /** The ids that other systems know the company by, by system. */
  externalIds: z.record(z.string(), z.string()),
  name: z.string(),
  class: accountClass,
  domains: z.array(z.string()),
  ...accountFacts.shape,
  createdAt: instant,
  updatedAt: instant,
  rev: z.int().positive(),
});
export type Account = z.infer<typeof account>;

/** The account that a domain belongs to; the class stands here too, so that a sign-up needs one read. */
export const domainItem = z.object({ accountId: z.string(), class: accountClass });
export type DomainOwner = z.infer<typeof domainItem>;
