import { sha256 } from './ids.ts';

/** Every key, prefix and index of every table. Keys are text; personal data never stands in one. */

export type TableName = 'contacts' | 'ledger' | 'engagement' | 'outbox' | 'config';
export type Key = { pk: string; sk: string };
type IndexShape = { pk: string; sk: string };

/** KEYS_ONLY, sparse: `dueShard` (D0 … D3) and `dueAt`. What must happen later is found here by `clock`. */
const DUE: IndexShape = { pk: 'dueShard', sk: 'dueAt' };
/** KEYS_ONLY: `dayShard` (`2026-11-22#0` … `#3`) and `at`. Evidence that came in on a day, for the signed roots. */
const DAY: IndexShape = { pk: 'dayShard', sk: 'at' };

/** KEYS_ONLY: `updatedShard` (U0 … U3) and `updatedAt`. What changed since an instant, for systems that follow. */
const UPDATED: IndexShape = { pk: 'updatedShard', sk: 'updatedAt' };

/** Table shapes, read by the CDK data stack and by the local engine. `ttl` is the attribute `expiresAt`. */
export const TABLES = {
  contacts: { stream: true, ttl: false, indexes: { due: DUE, updated: UPDATED } },
  ledger: { stream: true, ttl: false, indexes: { day: DAY } },
  engagement: { stream: true, ttl: true, indexes: { due: DUE } },
  outbox: { stream: true, ttl: true, indexes: { due: DUE } },
  config: { stream: false, ttl: false, indexes: {} },
} as const satisfies Record<
  TableName,
  { stream: boolean; ttl: boolean; indexes: Record<string, IndexShape> }
>;

export const DUE_SHARDS = ['D0', 'D1', 'D2', 'D3'] as const;

/** Spreads `dueAt` entries over the shards of the due index (N7). */
export function dueShard(pk: string): string {
  return DUE_SHARDS[Number.parseInt(sha256(pk).slice(0, 2), 16) % DUE_SHARDS.length] ?? DUE_SHARDS[0];
}

export const UPDATED_SHARDS = ['U0', 'U1', 'U2', 'U3'] as const;

/** Shard of the index of changed contacts; per controller, so that a page holds nobody else's. */
export function updatedShard(controllerId: string, pk: string): string {
  return `${controllerId}#U${Number.parseInt(sha256(pk).slice(0, 2), 16) % UPDATED_SHARDS.length}`;
}

/** Shard of the ledger's day index. */
export function dayShard(day: string, pk: string): string {
  return `${day}#${Number.parseInt(sha256(pk).slice(0, 2), 16) % 4}`;
}

/** All shards of a day (`2026-11-22`). */
export function dayShards(day: string): string[] {
  return [0, 1, 2, 3].map((shard) => `${day}#${shard}`);
}

export const keys = {
  contact: (contactId: string): Key => ({ pk: `C#${contactId}`, sk: 'CONTACT' }),
  /** Address pointer, uniqueness lock, suppression and tombstone of one address of one controller. */
  address: (controllerId: string, addressKey: string): Key => ({
    pk: `E#${controllerId}#${addressKey}`,
    sk: 'ADDRESS',
  }),
  /** Who another system's id belongs to; `hashedId` is an HMAC, because such ids may speak. */
  externalId: (controllerId: string, system: string, hashedId: string): Key => ({
    pk: `X#${controllerId}#${system}#${hashedId}`,
    sk: 'EXTERNAL',
  }),
  /** How far SES's own suppression list has been compared with ours. */
  suppressionList: (): Key => ({ pk: 'SES#SUPPRESSED', sk: 'COMPARED' }),
  account: (accountId: string): Key => ({ pk: `A#${accountId}`, sk: 'ACCOUNT' }),
  /** The account that an e-mail domain belongs to; a domain names a company, not a person. */
  domain: (controllerId: string, domain: string): Key => ({
    pk: `D#${controllerId}#${domain}`,
    sk: 'DOMAIN',
  }),
  /** All that waits for a named person's yes, of one controller. */
  review: (controllerId: string, contactId: string): Key => ({ pk: `R#${controllerId}`, sk: contactId }),
  /** What a person asked of us and one of us must answer (D1), of one controller. */
  request: (controllerId: string, contactId: string, requestId: string): Key => ({
    pk: `Q#${controllerId}`,
    sk: `${contactId}#${requestId}`,
  }),
  /** Salt of an erased person's evidence that must be kept, until it may go. */
  legalHold: (contactId: string): Key => ({ pk: `C#${contactId}`, sk: 'HOLD' }),
  /** What is left of an erased contact: ids and instants, and what is still to be cleared away. */
  erased: (contactId: string): Key => ({ pk: `C#${contactId}`, sk: 'ERASED' }),
  /** Journal of the erasures of one month (`2026-11`), for restores (N11). */
  erasure: (erasedAt: string, contactId: string): Key => ({
    pk: `ERASURES#${erasedAt.slice(0, 7)}`,
    sk: `${erasedAt}#${contactId}`,
  }),
  /** One message of the promotion history; `at` first, so that it reads in order. */
  promotion: (contactId: string, at: string, sendId: string): Key => ({
    pk: `C#${contactId}`,
    sk: `PROMO#${at}#${sendId}`,
  }),
  /** A mailing that went out on a day to a use, or to one topic of it: how much people really get. */
  volume: (brandId: string, day: string, use: string, mailing: string, topic = ''): Key => ({
    pk: `VOLUME#${brandId}`,
    sk: `${day}#${use}#${mailing}#${topic}`,
  }),
  /**
   * One act or observation of engagement, in the order in which they happened. Writing one again is the same write:
   * source and id name it, and it keeps its instant (ARCHITECTURE 2). The id may speak, so its hash stands here.
   */
  event: (contactId: string, occurredAt: string, source: string, id: string): Key => ({
    pk: `C#${contactId}`,
    sk: `EVT#${occurredAt}#${source}#${sha256(id).slice(0, 32)}`,
  }),
  /** All engagement of one UTC day (`2026-11-22`), counted: what scores read once the events are old. */
  engagementDay: (contactId: string, day: string): Key => ({ pk: `C#${contactId}`, sk: `DAY#${day}` }),
  /** Right behind the events, so that one query reads it and the newest of them (`~` sorts after every instant). */
  score: (contactId: string): Key => ({ pk: `C#${contactId}`, sk: 'EVT~SCORE' }),
  /** A contact with a score, under its account. */
  scored: (accountId: string, contactId: string): Key => ({ pk: `A#${accountId}`, sk: `C#${contactId}` }),
  /** What is known of the sending of one purpose: a use of a brand. */
  guard: (brandId: string, use: string): Key => ({ pk: `GUARD#${brandId}#${use}`, sk: 'GUARD' }),
  /**
   * What became of the mail of a purpose that was sent on a day, in one of ten partitions, because all of a mailing adds
   * to it (N7). `since`: the release that it counts from, or nothing.
   */
  reputation: (brandId: string, use: string, shard: number, since: string, day: string): Key => ({
    pk: `REP#${brandId}#${use}#${shard}`,
    sk: `${since}#${day}`,
  }),
  /** That an event was counted there. */
  counted: (brandId: string, use: string, hash: string): Key => ({
    pk: `REP#${brandId}#${use}#${hash}`,
    sk: 'COUNTED',
  }),
  /** Mails to one domain that machines gave themselves away in; `hashedDomain` is an HMAC. */
  domainScans: (controllerId: string, hashedDomain: string): Key => ({
    pk: `SCANS#${controllerId}#${hashedDomain}`,
    sk: 'SCANS',
  }),
  /** What a send id stands for. */
  send: (sendId: string): Key => ({ pk: `SEND#${sendId}`, sk: 'SEND' }),
  /** The signed root over the evidence of one run. */
  root: (seq: number): Key => ({ pk: 'ROOTS', sk: evidenceSk(seq) }),
  /** That a root is kept beside the table, too. */
  keptRoot: (seq: number): Key => ({ pk: 'ROOTS#KEPT', sk: evidenceSk(seq) }),
  /** Leaves of the tree whose root is `node`, so that two runs at once never mix theirs. */
  rootPage: (seq: number, node: string, page: number): Key => ({
    pk: `ROOT#${evidenceSk(seq)}`,
    sk: `${node}#P#${String(page).padStart(8, '0')}`,
  }),
  /** Where each page of leaves begins, and the node above it. */
  rootPages: (seq: number, node: string): Key => ({ pk: `ROOT#${evidenceSk(seq)}`, sk: `${node}#PAGES` }),
  /** A public key that signed roots; it stays published for as long as they are. */
  signingKey: (kid: string): Key => ({ pk: 'SIGNING', sk: kid }),
  apiKey: (hash: string): Key => ({ pk: `K#${hash}`, sk: 'KEY' }),
  apiKeys: (controllerId: string, keyId: string): Key => ({ pk: `KEYS#${controllerId}`, sk: keyId }),
  /** The day on which an API key was last used. */
  apiKeyUse: (keyId: string): Key => ({ pk: `K#${keyId}`, sk: 'USE' }),
  /** A system that posts signed webhooks; its id is its own in the whole installation. */
  source: (sourceId: string): Key => ({ pk: `SOURCE#${sourceId}`, sk: 'SOURCE' }),
  sources: (controllerId: string, sourceId: string): Key => ({ pk: `SOURCES#${controllerId}`, sk: sourceId }),
  job: (jobId: string): Key => ({ pk: `J#${jobId}`, sk: 'JOB' }),
  jobPage: (jobId: string, page: number): Key => ({
    pk: `J#${jobId}`,
    sk: `P#${String(page).padStart(8, '0')}`,
  }),
  /** Jobs that are not gone yet: those done wait here for the end of their time. */
  openJob: (jobId: string): Key => ({ pk: 'JOBS', sk: jobId }),
  /** Which job was the last to take one of a controller's few places for open jobs. */
  jobSlot: (controllerId: string, slot: number): Key => ({ pk: `JOBS#${controllerId}`, sk: String(slot) }),
  /** The remembered answer to one Idempotency-Key of one API key (W7). */
  idempotency: (keyId: string, hash: string): Key => ({ pk: `I#${keyId}#${hash}`, sk: 'ANSWER' }),
  /** Calls of one API key in one minute (`2026-11-22T07:25`). */
  apiLimit: (keyId: string, minute: string): Key => ({ pk: `L#API#${keyId}#${minute}`, sk: 'LIMIT' }),
  evidence: (contactId: string, seq: number): Key => ({ pk: `C#${contactId}`, sk: evidenceSk(seq) }),
  pendingSignup: (brandId: string, addressKey: string): Key => ({
    pk: `P#${brandId}#${addressKey}`,
    sk: 'SIGNUP',
  }),
  mail: (mailId: string): Key => ({ pk: `M#${mailId}`, sk: 'MAIL' }),
  /** A person's session; `hash` is that of the cookie's secret (T2, T5). */
  session: (contactId: string, hash: string): Key => ({ pk: `C#${contactId}`, sk: `SESSION#${hash}` }),
  /** Sign-ups of one client address in one hour (`2026-11-22T07`). */
  ipLimit: (ipKey: string, hour: string): Key => ({ pk: `L#IP#${ipKey}#${hour}`, sk: 'LIMIT' }),
  /** Service mails lately sent to one mailbox, over all forms of the controller. */
  mailboxLimit: (controllerId: string, limitKey: string): Key => ({
    pk: `L#MB#${controllerId}#${limitKey}`,
    sk: 'LIMIT',
  }),
  /** Next free slot for a confirmation mail of one form. */
  formLimit: (formId: string): Key => ({ pk: `L#F#${formId}`, sk: 'LIMIT' }),
  setting: (kind: string, id: string): Key => ({ pk: `S#${kind}#${id}`, sk: 'CURRENT' }),
  settingVersion: (kind: string, id: string, version: number): Key => ({
    pk: `S#${kind}#${id}`,
    sk: `V#${String(version).padStart(8, '0')}`,
  }),
  /** What a controller (`C#<id>`) or brand (`B#<id>`) has in settings. */
  settingOf: (owner: string, kind: string, id: string): Key => ({ pk: `O#${owner}`, sk: `${kind}#${id}` }),
  wording: (hash: string): Key => ({ pk: `W#${hash}`, sk: 'WORDING' }),
};

/** Sort key of evidence entry `seq` (from 1), zero-padded so that text order is number order (H2). */
export function evidenceSk(seq: number): string {
  return String(seq).padStart(10, '0');
}
