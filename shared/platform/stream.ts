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
  dynamodb?: { Keys?: object; NewImage?: object; SequenceNumber?: string | undefined } | undefined;
};
/** N6: the lowest failed sequence number; all from there on is delivered again. */
export type BatchResponse = { batchItemFailures: { itemIdentifier: string }[] };

/**
 * Feeds the changes of a stream batch to `consume`, one after the other, and stops at the first failure,
 * so that a poison record is bisected away while what came before it counts as done (N5, N6).
 */
export async function consumeStream(
  event: { Records: readonly StreamRecord[] },
  consume: (change: Change) => Promise<void>,
): Promise<BatchResponse> {
  for (const record of event.Records) {
    const sequence = record.dynamodb?.SequenceNumber ?? '';
    try {
      await consume(toChange(record));
    } catch (error) {
      log('error', 'stream-record-failed', { sequence, ...errorFields(error) });
      return { batchItemFailures: [{ itemIdentifier: sequence }] };
    }
  }
  return { batchItemFailures: [] };
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
