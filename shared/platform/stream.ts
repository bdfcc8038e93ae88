import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';

import { errorFields, log } from './log.ts';

/** What a table stream tells of one change; images are plain items. */
export type Change = {
  kind: 'INSERT' | 'MODIFY' | 'REMOVE';
  key: { pk: string; sk: string };
  after: Record<string, unknown> | undefined;
};
type StreamRecord = {
  eventName?: string | undefined;
  dynamodb?:
    | { Keys?: object | undefined; NewImage?: object | undefined; SequenceNumber?: string | undefined }
    | undefined;
};
/** N6: the lowest failed sequence number; all from there on is delivered again. */
export type BatchResponse = { batchItemFailures: { itemIdentifier: string }[] };

/**
 * Feeds the changes of a stream batch to `consume`: items side by side, the changes of one item in order. Names the
 * earliest failure, so that a poison record is bisected away while what came before it counts as done (N5, N6).
 */
export async function consumeStream(
  event: { Records: readonly StreamRecord[] },
  consume: (change: Change) => Promise<void>,
): Promise<BatchResponse> {
  const changes = event.Records.map(toChange);
  const failed = new Set<number>();
  const consumeItem = async (positions: number[]) => {
    for (const at of positions) {
      const change = changes[at];
      try {
        if (change) await consume(change);
      } catch (error) {
        log('error', 'stream-record-failed', { kind: change?.key.sk, ...errorFields(error) });
        failed.add(at);
        return;
      }
    }
  };
  const items = Map.groupBy(changes.keys(), (at) => `${changes[at]?.key.pk}\n${changes[at]?.key.sk}`);
  await Promise.all([...items.values()].map(consumeItem));
  const first = [...failed].sort((a, b) => a - b)[0];
  const sequence = first === undefined ? undefined : event.Records[first]?.dynamodb?.SequenceNumber;
  return { batchItemFailures: sequence === undefined ? [] : [{ itemIdentifier: sequence }] };
}

function toChange(record: StreamRecord): Change {
  const { pk, sk } = unmarshallImage(record.dynamodb?.Keys) ?? {};
  return {
    kind: record.eventName as Change['kind'],
    key: { pk: String(pk), sk: String(sk) },
    after: unmarshallImage(record.dynamodb?.NewImage),
  };
}

/** The two typings of an attribute value (Lambda's and the SDK's) describe the same JSON. */
function unmarshallImage(image: object | undefined): Record<string, unknown> | undefined {
  return image ? unmarshall(image as Record<string, AttributeValue>) : undefined;
}
