import type { DELIVERED } from '../../shared/engagement/event.ts';
import type { EngagementEvent, MailFacts } from '../../shared/engagement/event.ts';
import { plusMonths, toTtl } from '../../shared/platform/clock.ts';
import type { Instant } from '../../shared/platform/clock.ts';
import { sha256 } from '../../shared/platform/ids.ts';
import { scoring } from '../../shared/settings/scoring.ts';
import type { ScoringRules } from '../../shared/settings/scoring.ts';
import type * as z from 'zod';

/** The rules of DOMAIN 6, with what a test changes. */
export function rules(change: Partial<z.input<typeof scoring>> = {}): ScoringRules {
  return { ...scoring.parse({ id: 'nordlicht-gmbh', ...change }), version: 1 };
}

/** An act or observation; two with the same type and instant are the same unless the test names another id. */
export function event(
  type: string,
  occurredAt: Instant,
  change: Partial<EngagementEvent> = {},
): EngagementEvent {
  return {
    schema: 1,
    contactId: 'con_1',
    controller: 'nordlicht-gmbh',
    source: 'shop',
    id: `${type}-${occurredAt}`,
    type,
    occurredAt,
    topics: [],
    expiresAt: toTtl(plusMonths(occurredAt, 13)),
    ...change,
  };
}

const MAIL: MailFacts = {
  sendId: 'send_1',
  messageId: 'message-1',
  brand: 'nordlicht',
  use: 'newsletter',
  mailing: 'autumn',
  userAgent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36',
  network: '203.0.113.0/24',
};

/** A mail that was delivered, or a person's reaction to it. */
export function mailEvent(
  type: 'open' | 'click' | typeof DELIVERED,
  occurredAt: Instant,
  { mail = {}, ...change }: Omit<Partial<EngagementEvent>, 'mail'> & { mail?: Partial<MailFacts> } = {},
): EngagementEvent {
  const facts = { ...MAIL, ...(type === 'click' ? { link: sha256('link').slice(0, 16) } : {}), ...mail };
  return event(type, occurredAt, {
    source: 'ses',
    id: `${facts.messageId}-${type}-${occurredAt}-${facts.link}`,
    tracked: true,
    mail: facts,
    ...change,
  });
}
