import { readGuard } from '../decision/guard.ts';
import type { GuardItem, SendingStop } from '../decision/guard.ts';
import type { Send } from '../decision/promotion.ts';
import { readSend } from '../decision/store.ts';
import { classifyBounce, classifyComplaint } from '../outbox/bounce-rules.ts';
import { readSendId } from '../outbox/send-id.ts';
import { eventKey } from '../outbox/ses-event.ts';
import type { SesEvent } from '../outbox/ses-event.ts';
import { DAY, now, plus, toTtl } from '../platform/clock.ts';
import type { Instant } from '../platform/clock.ts';
import { sha256 } from '../platform/ids.ts';
import { keys } from '../platform/keys.ts';
import { log, metric } from '../platform/log.ts';
import { transact, write } from '../platform/table.ts';
import type { Database, Put, Update } from '../platform/table.ts';
import type { Settings } from '../settings/store.ts';
import { SHARDS, judgeRates, readRates } from './sending-rates.ts';
import type { RatesVerdict } from './sending-rates.ts';

export type ReputationDeps = { db: Database; settings: Pick<Settings, 'brand' | 'policy'> };
type Counted = { what: 'delivered' | 'bounced' | 'complained'; recipients: string[] };

/** Longer than events come again, and than anybody looks back. */
const KEPT_DAYS = 40;
/** SES held the mail back: nobody saw it, and SES does not count it either. */
const NEVER_LEFT = 'OnAccountSuppressionList';

/**
 * Counts what became of a mail for its purpose, and stops the purpose where too much bounces or is complained about
 * (B3). Told twice or in another order, the counts are the same (V7). Service mail counts nowhere: it has no decision.
 */
export async function countReputation(deps: ReputationDeps, event: SesEvent): Promise<void> {
  const counted = countedBy(event);
  if (!counted || event.sendId === undefined || readSendId(event.sendId)) return;
  const send = await readSend(deps.db, event.sendId);
  if (!send) return;
  const guard = await readGuard(deps.db, send.brand, send.use);
  // Somebody has looked at what was sent before and let it go on.
  if (guard.released && send.at < guard.released.at) return;
  for (const recipient of counted.recipients) {
    await countOnce(deps.db, send, guard.released?.at, counted.what, `${eventKey(event)}#${recipient}`);
  }
  if (counted.what !== 'delivered' && !guard.stopped) await judge(deps, send, guard);
}

/** What counts: as SES counts, a refusal for our authentication included, although the address is not to blame (B2). */
function countedBy(event: SesEvent): Counted | undefined {
  const { kind } = event;
  if (kind === 'delivery') return { what: 'delivered', recipients: event.recipients };
  if (kind === 'complaint') {
    const counts = classifyComplaint(event) === 'objection' && event.subType !== NEVER_LEFT;
    return counts ? { what: 'complained', recipients: event.recipients } : undefined;
  }
  if (kind !== 'bounce' || event.bounceType !== 'Permanent' || event.bounceSubType === NEVER_LEFT)
    return undefined;
  const { bounceType, bounceSubType } = event;
  const hard = event.bounced.filter(
    (bounced) => classifyBounce({ bounceType, bounceSubType, ...bounced }).effect !== 'revoke',
  );
  return { what: 'bounced', recipients: hard.map(({ recipient }) => recipient) };
}

/**
 * A bounce or complaint and its mark are one transaction. Deliveries are many, and would collide: their mark comes first,
 * so that one lost between the two makes the rates too high and never too low.
 */
async function countOnce(
  db: Database,
  { brand, use, at }: Send,
  since: Instant | undefined,
  what: Counted['what'],
  name: string,
): Promise<void> {
  const hash = sha256(name);
  const day = at.slice(0, 10);
  const expiresAt = toTtl(plus(now(), KEPT_DAYS * DAY));
  const shard = Number.parseInt(hash.slice(-8), 16) % SHARDS;
  const mark: Put = {
    put: 'engagement',
    item: { ...keys.counted(brand, use, hash.slice(0, 32)), expiresAt },
    condition: 'attribute_not_exists(pk)',
  };
  const add: Update = {
    update: 'engagement',
    key: keys.reputation(brand, use, shard, since ?? '', day),
    set: 'SET #day = :day, expiresAt = :expiresAt ADD #what :one',
    names: { '#day': 'day', '#what': what },
    values: { ':day': day, ':expiresAt': expiresAt, ':one': 1 },
  };
  if (what !== 'delivered') await transact(db, [mark, add]);
  else if (await write(db, mark)) await write(db, add);
}

async function judge({ db, settings }: ReputationDeps, send: Send, guard: GuardItem): Promise<void> {
  const brand = await settings.brand(send.brand);
  if (!brand) return;
  const policy = await settings.policy(brand.controller.id);
  const at = now();
  const verdict = judgeRates(await readRates(db, send, guard.released?.at, at), policy.guard);
  switch (verdict.kind) {
    case 'fine':
      return;
    case 'stopped':
      return stop(db, send, guard, { since: at, why: verdict.why, rates: verdict.rates });
    case 'warned':
      return warn(db, send, guard, verdict, at.slice(0, 10));
  }
}

/** Written once per release, by whoever is first. */
async function stop(db: Database, send: Send, { released }: GuardItem, stopped: SendingStop): Promise<void> {
  const first = await write(db, {
    update: 'engagement',
    key: keys.guard(send.brand, send.use),
    set: 'SET stopped = :stopped',
    condition: `attribute_not_exists(stopped) AND ${released ? 'released.#at = :released' : 'attribute_not_exists(released)'}`,
    ...(released ? { names: { '#at': 'at' } } : {}),
    values: { ':stopped': stopped, ...(released ? { ':released': released.at } : {}) },
  });
  if (!first) return;
  log('error', 'sending-stopped', fields(send, stopped));
  metric('sending-stopped', 1, { why: stopped.why });
}

async function warn(
  db: Database,
  send: Send,
  { warnedOn }: GuardItem,
  verdict: Exclude<RatesVerdict, { kind: 'fine' }>,
  day: string,
): Promise<void> {
  if (warnedOn === day) return;
  const first = await write(db, {
    update: 'engagement',
    key: keys.guard(send.brand, send.use),
    set: 'SET warnedOn = :day',
    condition: 'attribute_not_exists(warnedOn) OR warnedOn < :day',
    values: { ':day': day },
  });
  if (!first) return;
  log('warn', 'sending-warned', fields(send, verdict));
  metric('sending-warned', 1, { why: verdict.why });
}

function fields({ brand, use }: Send, { why, rates }: Pick<SendingStop, 'why' | 'rates'>) {
  return { brand, use, why, ...rates };
}
