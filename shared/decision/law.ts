import type { Instant } from '../platform/clock.ts';
import type { Law } from '../settings/around.ts';
import { floorFor } from './legal-floor.ts';
import { RESTING_ALLOWS, kindOf } from './model-rules.ts';

/** Somebody at a company, with an address of their own: whom a business may reach most freely. */
const BUSINESS_CONTACT = {
  accountId: 'any',
  subscriber: 'corporate',
  address: 'name@company.example',
} as const;

/** Models and legal floor, as the settings are held against them. */
export function lawAt(at: Instant): Law {
  return {
    allowsAtRest: (model, use) => RESTING_ALLOWS[model][kindOf(use)],
    floor: (country, channel) =>
      floorFor({ ...BUSINESS_CONTACT, ...(country ? { country } : {}) }, channel, at).rule,
  };
}
