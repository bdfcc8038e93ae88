import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';

import { engagementEvent } from '../engagement/event.ts';
import type { EngagementEvent } from '../engagement/event.ts';
import { MINUTE, plus, plusMonths, toTtl } from '../platform/clock.ts';
import type { Instant } from '../platform/clock.ts';
import { dueShard, keys } from '../platform/keys.ts';
import type { Key } from '../platform/keys.ts';
import { queryPartition } from '../platform/read-many.ts';
import { get, measured, meter, remove, transact, write } from '../platform/table.ts';
import type { Action, Database, Item, Put, Remove } from '../platform/table.ts';
import { dayCount } from './day-counts.ts';
import type { DayCount, DayCounts } from './day-counts.ts';
import { storedScore } from './stored-score.ts';
import type { StoredScore } from './stored-score.ts';

/** Younger events of one contact are read up to this many, newest first: a recompute has an end (ARCHITECTURE 2). */
export const MOST_EVENTS = 2_000;
/** Days are kept as long as the events that they were counted from (DOMAIN 8). */
const KEPT_MONTHS = 13;

const engagementDay = z.object({ day: z.iso.date(), counts: z.array(dayCount) });
const member = z.object({ sk: z.string() });

export async function readScore(db: Database, contactId: string): Promise<StoredScore | undefined> {
  return get(db, 'engagement', keys.score(contactId), storedScore);
}

/**
 * The score of a contact and its events since a day, in one call. The score is read first, then the events from the
 * newest on: what is newer than the score that we know of was read after it (N10).
 */
export async function readRecent(
  db: Database,
  contactId: string,
  since: string,
): Promise<{ score: StoredScore | undefined; events: EngagementEvent[] }> {
  const { sk } = keys.score(contactId);
  const items = await queryDown(db, contactId, { since, last: sk, most: MOST_EVENTS + 1 });
  const [first, ...others] = items;
  const isScore = first?.['sk'] === sk;
  return {
    score: isScore ? storedScore.parse(first) : undefined,
    events: (isScore ? others : items).map((item) => engagementEvent.parse(item)),
  };
}

/** Events of a contact since a day, newest first, strongly consistent; those before `until` where it is told. */
export async function readEvents(
  db: Database,
  contactId: string,
  { since, until = '~', most = MOST_EVENTS }: { since: string; until?: string; most?: number },
): Promise<EngagementEvent[]> {
  const items = await queryDown(db, contactId, { since, last: `EVT#${until}`, most });
  return items.map((item) => engagementEvent.parse(item));
}

/** At most `most` items between the events since a day and the key `last`, from the last to the first. */
async function queryDown(
  db: Database,
  contactId: string,
  { since, last, most }: { since: string; last: string; most: number },
): Promise<Item[]> {
  const { pk } = keys.contact(contactId);
  const items: Item[] = [];
  let from: Item | undefined;
  do {
    const output = await db.client.send(
      new QueryCommand({
        TableName: db.name('engagement'),
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
        ExpressionAttributeValues: { ':pk': pk, ':first': `EVT#${since}`, ':last': last },
        ConsistentRead: true,
        ScanIndexForward: false,
        ...(most === Infinity ? {} : { Limit: most - items.length }),
        ...(from ? { ExclusiveStartKey: from } : {}),
        ...measured(db),
      }),
    );
    meter(db, 'read', output.ConsumedCapacity);
    items.push(...(output.Items ?? []));
    from = output.LastEvaluatedKey;
  } while (from && items.length < most);
  return items;
}

/** Every day that was counted, at most 13 months of them. */
export async function readDays(db: Database, contactId: string): Promise<DayCounts> {
  const { pk, sk } = keys.engagementDay(contactId, '');
  const days = new Map<string, DayCount[]>();
  for await (const { day, counts } of queryPartition(db, 'engagement', pk, engagementDay, sk)) {
    days.set(day, counts);
  }
  return days;
}

/** Keeps what a final day comes down to; writing it again writes the same. */
export async function writeDay(
  db: Database,
  contactId: string,
  day: string,
  counts: readonly DayCount[],
): Promise<void> {
  const key = keys.engagementDay(contactId, day);
  const expiresAt = toTtl(plusMonths(`${day}T00:00:00.000Z`, KEPT_MONTHS));
  await write(db, { put: 'engagement', item: { ...key, schema: 1, contactId, day, counts, expiresAt } });
}

/** Writes a score, if it is still what it was when `before` was read; false where somebody was faster. */
export async function writeScore(
  db: Database,
  before: StoredScore | undefined,
  after: Omit<StoredScore, 'rev' | 'wokenAt'>,
): Promise<boolean> {
  const key = keys.score(after.contactId);
  const put: Put = {
    put: 'engagement',
    item: {
      ...key,
      ...after,
      rev: (before?.rev ?? 0) + 1,
      ...(after.dueAt === undefined ? {} : { dueShard: dueShard(key.pk) }),
    },
    ...(before
      ? { condition: 'rev = :rev', values: { ':rev': before.rev } }
      : { condition: 'attribute_not_exists(pk)' }),
  };
  return all(db, [put, ...memberships(after.contactId, before?.accountId, after.accountId)]);
}

/** Takes a score and its reasons away; false where somebody wrote it since. */
export async function removeScore(db: Database, before: StoredScore): Promise<boolean> {
  const { contactId, rev, accountId } = before;
  const gone: Remove = {
    remove: 'engagement',
    key: keys.score(contactId),
    condition: 'attribute_not_exists(pk) OR rev = :rev',
    values: { ':rev': rev },
  };
  return all(db, [gone, ...memberships(contactId, accountId, undefined)]);
}

/** An account lists whoever of it has a score: with the score or not at all, so that nobody is left on the list. */
function memberships(contactId: string, from: string | undefined, to: string | undefined): Action[] {
  if (from === to) return [];
  const place = (accountId: string) => keys.scored(accountId, contactId);
  return [
    ...(from === undefined ? [] : [{ remove: 'engagement', key: place(from) } as const]),
    ...(to === undefined ? [] : [{ put: 'engagement', item: { ...place(to), contactId } } as const]),
  ];
}

/** One write, or a few that are true together; false where a condition did not hold. */
async function all(db: Database, [first, ...others]: [Put | Remove, ...Action[]]): Promise<boolean> {
  if (others.length > 0) return (await transact(db, [first, ...others])).done;
  return 'put' in first ? write(db, first) : remove(db, first);
}

/** Has a score worked out again: the item changes, so its stream speaks. False where it is not due any more. */
export async function wakeScore(db: Database, key: Key, at: Instant): Promise<boolean> {
  return write(db, {
    update: 'engagement',
    key,
    set: 'SET wokenAt = :at, dueAt = :again',
    condition: 'dueAt <= :at',
    values: { ':at': at, ':again': plus(at, 5 * MINUTE) },
  });
}

/** Has every score of an account worked out again: the company has changed. */
export async function wakeAccount(db: Database, accountId: string, at: Instant): Promise<void> {
  const { pk } = keys.scored(accountId, '');
  for await (const { sk } of queryPartition(db, 'engagement', pk, member)) {
    await write(db, {
      update: 'engagement',
      key: keys.score(sk.slice(2)),
      set: 'SET wokenAt = :at',
      condition: 'attribute_exists(pk)',
      values: { ':at': at },
    });
  }
}
