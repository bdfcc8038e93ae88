import { QueryCommand } from '@aws-sdk/lib-dynamodb';

import { nowMs, plusMonths, toTtl } from '../platform/clock.ts';
import { keys } from '../platform/keys.ts';
import { get, measured, meter } from '../platform/table.ts';
import type { Action, Database } from '../platform/table.ts';
import { promotion, send } from './promotion.ts';
import type { Promotion, Send } from './promotion.ts';

/** Writes one message into the history of its contact, and what its send id stands for. */
export function recordPromotion(made: Promotion, months: number): Action[] {
  const expiresAt = toTtl(plusMonths(made.at, months));
  const { decision: _, snapshot: _snapshot, ...sent } = made;
  return [
    {
      put: 'engagement',
      item: { ...keys.promotion(made.contactId, made.at, made.sendId), ...made, expiresAt },
      condition: 'attribute_not_exists(pk)',
    },
    {
      put: 'engagement',
      item: { ...keys.send(made.sendId), ...sent, expiresAt },
      condition: 'attribute_not_exists(pk)',
    },
  ];
}

/** What was sent under a send id, while we remember it. */
export async function readSend(db: Database, sendId: string): Promise<Send | undefined> {
  return get(db, 'engagement', keys.send(sendId), send, { consistent: false });
}

/**
 * A page of what was sent to a contact, newest first; what is past its time is left out even before it is gone (N8).
 * @param before where the last page ended: its last message
 */
export async function readPromotions(
  db: Database,
  contactId: string,
  { limit, before }: { limit: number; before?: Pick<Promotion, 'at' | 'sendId'> | undefined },
): Promise<{ promotions: Promotion[]; more: boolean }> {
  const { pk } = keys.contact(contactId);
  const output = await db.client.send(
    new QueryCommand({
      TableName: db.name('engagement'),
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
      FilterExpression: 'attribute_not_exists(expiresAt) OR expiresAt > :now',
      ExpressionAttributeValues: {
        ':pk': pk,
        ':first': 'PROMO#',
        // `~` sorts after every instant.
        ':last': 'PROMO#~',
        ':now': Math.floor(nowMs() / 1_000),
      },
      ...(before ? { ExclusiveStartKey: keys.promotion(contactId, before.at, before.sendId) } : {}),
      ScanIndexForward: false,
      Limit: limit,
      ...measured(db),
    }),
  );
  meter(db, 'read', output.ConsumedCapacity);
  const promotions = (output.Items ?? []).map((item) => promotion.parse(item));
  return { promotions, more: output.LastEvaluatedKey !== undefined };
}
