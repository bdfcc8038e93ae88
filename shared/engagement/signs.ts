import { roleOf } from './agents.ts';
import type { AgentRole } from './agents.ts';
import type { MailFacts, REACTIONS } from './event.ts';
import { isScannerNetwork } from './scanner-networks.ts';

/** What is known of one open or click when it is judged. */
export type Known = {
  reaction: (typeof REACTIONS)[number];
  mail: MailFacts;
  /** Seconds since delivery, negative before it; undefined where the delivery is not known. */
  since: number | undefined;
  /** One of many links of the mail that were followed at once. */
  swept: boolean;
  /** All of them were. */
  allLinks: boolean;
  /** Something in the same burst gave itself away. */
  beside: 'certain' | 'likely' | undefined;
};
type Sign = {
  code: string;
  /** Against a person; 2 are a doubt, 5 a machine. */
  weight: number;
  holds: (known: Known) => boolean;
  /** Adds to a doubt, never raises one. */
  onlyWithOthers?: true;
};

const FAST_SECONDS = 5;
const EARLY_SECONDS = 30;
/** Filters look before they let a mail in. Longer before, the report of the delivery is late, not the click early. */
const BEFORE_SECONDS = -120;
const SCANNED_BEFORE = 3;

const FOLLOWS_LINKS: readonly (AgentRole | undefined)[] = ['scanner', 'preview', 'library', 'office-probe'];

/** Signs that one reaction carries by itself and that say the same of everything in its burst. */
const TELLING: readonly Sign[] = [
  { code: 'hidden-link', weight: 5, holds: ({ mail }) => mail.hidden === true },
  { code: 'agent-follows-links', weight: 5, holds: ({ mail }) => FOLLOWS_LINKS.includes(role(mail)) },
  { code: 'head', weight: 3, holds: ({ mail }) => mail.method?.toUpperCase() === 'HEAD' },
  {
    code: 'scanner-network',
    weight: 3,
    holds: ({ mail, reaction, since }) =>
      mail.network !== undefined && isScannerNetwork(mail.network, reaction, since),
  },
];

/** All that speaks for or against a person, in the order in which reasons are named (V10). */
const SIGNS: readonly Sign[] = [
  ...TELLING,
  { code: 'beside-a-machine', weight: 5, holds: ({ beside }) => beside === 'certain' },
  { code: 'beside-a-scanner', weight: 3, holds: ({ beside }) => beside === 'likely' },
  { code: 'many-links-at-once', weight: 3, holds: ({ swept }) => swept },
  { code: 'all-links-at-once', weight: 3, holds: ({ allLinks }) => allLinks },
  {
    code: 'agent-prefetches',
    weight: 5,
    holds: ({ mail, reaction }) => reaction === 'open' && role(mail) === 'prefetch',
  },
  // Somebody may well have looked; whom a picture proxy stands for it does not tell.
  { code: 'agent-is-a-proxy', weight: 3, holds: ({ mail }) => role(mail) === 'image-proxy' },
  {
    code: 'agent-is-no-browser',
    weight: 2,
    holds: ({ mail, reaction }) => reaction === 'click' && role(mail) === 'prefetch',
  },
  { code: 'no-agent', weight: 1, holds: ({ mail }) => !mail.userAgent },
  { code: 'fast', weight: 2, holds: ({ since }) => between(since, BEFORE_SECONDS, FAST_SECONDS) },
  {
    code: 'early',
    weight: 1,
    holds: ({ since, reaction }) => reaction === 'click' && between(since, FAST_SECONDS, EARLY_SECONDS),
  },
  { code: 'ses-says-bot', weight: 2, holds: ({ mail }) => mail.bot === 'Likely' },
  { code: 'ses-says-no-bot', weight: -1, holds: ({ mail }) => mail.bot === 'Unlikely' },
  {
    code: 'domain-is-scanned',
    weight: 1,
    holds: ({ mail, reaction }) => reaction === 'click' && (mail.domainScans ?? 0) >= SCANNED_BEFORE,
    onlyWithOthers: true,
  },
];

/** The signs that hold, and what they weigh together. */
export function weigh(known: Known): { weight: number; reasons: string[] } {
  const found = SIGNS.filter(({ holds }) => holds(known));
  const doubted = found.some(({ weight, onlyWithOthers }) => weight > 0 && !onlyWithOthers);
  const counted = found.filter(({ onlyWithOthers }) => doubted || !onlyWithOthers);
  return {
    weight: counted.reduce((sum, { weight }) => sum + weight, 0),
    reasons: counted.map(({ code }) => code),
  };
}

/** How surely a reaction by itself is a machine's, so that it tells something about what came with it. */
export function telling(known: Omit<Known, 'beside'>): Known['beside'] {
  const weights = TELLING.filter(({ holds }) => holds({ ...known, beside: undefined })).map(
    ({ weight }) => weight,
  );
  if (weights.length === 0) return undefined;
  return weights.reduce((sum, weight) => sum + weight) >= 5 ? 'certain' : 'likely';
}

/** Whether a click shows, when it comes in, that a machine reads the mail to its recipient's domain. */
export function givesItselfAway(mail: MailFacts): boolean {
  const { hidden, network, bot } = mail;
  const agent = role(mail);
  // The delivery may be told later: networks that filters share with people say nothing yet. Who unfolds a link got it
  // from a person.
  const byNetwork = network !== undefined && isScannerNetwork(network, 'click', undefined);
  return hidden === true || agent === 'scanner' || agent === 'library' || byNetwork || bot === 'Likely';
}

function role({ userAgent }: MailFacts): AgentRole | undefined {
  return userAgent === undefined ? undefined : roleOf(userAgent);
}

/** More than `low`, up to `high`. */
function between(since: number | undefined, low: number, high: number): boolean {
  return since !== undefined && since > low && since <= high;
}
