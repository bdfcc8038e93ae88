import { DELIVERED, SES_SOURCE } from '../../shared/engagement/event.ts';
import type { EngagementEvent, MailFacts } from '../../shared/engagement/event.ts';
import { cutNetwork } from '../../shared/engagement/network.ts';
import { SECOND, plus } from '../../shared/platform/clock.ts';
import type { Instant } from '../../shared/platform/clock.ts';

export const SENT_AT = '2026-11-22T07:25:00.000Z';

/** Who reacts with what, and from where. */
export type Visitor = { userAgent?: string; ip?: string; method?: string; bot?: MailFacts['bot'] };
export type Step = Visitor & {
  /** Seconds after delivery. */
  after: number;
  /** Without a link it is an open. */
  link?: string | undefined;
  hidden?: true;
  leaving?: true;
  /** The truth. */
  by: 'human' | 'machine';
};
/** One mail to one contact and all that happened to it. */
export type Case = {
  name: string;
  steps: Step[];
  links?: number;
  domainScans?: number;
  /** Seconds after the first one, by default a single one at 0; none where the news of it never came. */
  deliveries?: number[];
  /** Today's rules get at least one of its reactions wrong, and we know it. */
  wrong?: true;
};
export type Labelled = { name: string; events: EngagementEvent[]; truth: Map<EngagementEvent, Step> };

/** The events that a case leaves behind, each reaction with its truth. */
export function toEvents({ name, steps, links, domainScans, deliveries = [0] }: Case): Labelled {
  const facts: MailFacts = {
    sendId: name,
    messageId: `ses-${name}`,
    brand: 'nordlicht',
    use: 'newsletter',
    mailing: 'november',
    ...(links ? { links } : {}),
    ...(domainScans ? { domainScans } : {}),
  };
  const truth = new Map(
    steps.map((step, at) => {
      const { link, hidden, leaving, ip, after, by: _, ...visitor } = step;
      const network = ip === undefined ? undefined : cutNetwork(ip);
      const mail = {
        ...facts,
        ...visitor,
        ...(link === undefined ? {} : { link }),
        ...(hidden ? { hidden } : {}),
        ...(leaving ? { leaving } : {}),
        ...(network ? { network } : {}),
      };
      return [event(link === undefined ? 'open' : 'click', `${name}-${at}`, after, mail), step] as const;
    }),
  );
  const arrived = deliveries.map((after) => event(DELIVERED, `${name}-d${after}`, after, facts));
  return { name, events: [...arrived, ...truth.keys()], truth };
}

function event(type: string, id: string, after: number, mail: MailFacts): EngagementEvent {
  const occurredAt: Instant = plus(SENT_AT, after * SECOND);
  return {
    schema: 1,
    contactId: 'con_1',
    controller: 'nordlicht-gmbh',
    source: SES_SOURCE,
    id,
    type,
    occurredAt,
    topics: [],
    mail,
    expiresAt: 1_800_000_000,
  };
}
