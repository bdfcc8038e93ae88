import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';

import type { Key } from './keys.ts';
import { errorFields, log } from './log.ts';

/** What a table stream tells of one change; images are plain items. */
export type Change = {
  kind: 'INSERT' | 'MODIFY' | 'REMOVE';
  key: Key;
  before: Record<string, unknown> | undefined;
  after: Record<string, unknown> | undefined;
};
type StreamRecord = {
  eventName?: string | undefined;
  dynamodb?:
    | {
        Keys?: object | undefined;
        OldImage?: object | undefined;
        NewImage?: object | undefined;
        SequenceNumber?: string | undefined;
      }
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
  return consumeSideBySide(
    event,
    ({ pk, sk }) => `${pk}\n${sk}`,
    async (changes, done) => {
      for (const change of changes) {
        await consume(change);
        done();
      }
    },
  );
}

/**
 * As `consumeStream`, for a consumer that looks at the present state of something and not at each change: what belongs
 * together by `groupOf` is fed to it once per batch, if any of it `concerns` it.
 */
export async function consumeGroups(
  event: { Records: readonly StreamRecord[] },
  { groupOf, concerns }: { groupOf: (key: Key) => string; concerns: (change: Change) => boolean },
  consume: (key: Key) => Promise<void>,
): Promise<BatchResponse> {
  return consumeSideBySide(event, groupOf, async (changes) => {
    const first = changes.find(concerns);
    if (first) await consume(first.key);
  });
}

/** Groups run side by side; `work` calls `done` after each change that need not come again. */
async function consumeSideBySide(
  { Records }: { Records: readonly StreamRecord[] },
  groupOf: (key: Key) => string,
  work: (changes: Change[], done: () => void) => Promise<void>,
): Promise<BatchResponse> {
  const changes = Records.map(toChange);
  const groups = Map.groupBy(changes.keys(), (at) => groupOf(changes[at]?.key ?? { pk: '', sk: '' }));
  const failures = await Promise.all(
    [...groups.values()].map(async (positions) => {
      let done = 0;
      try {
        await work(
          positions.flatMap((at) => changes[at] ?? []),
          () => (done += 1),
        );
        return [];
      } catch (error) {
        const at = positions[done] ?? 0;
        log('error', 'stream-record-failed', { kind: changes[at]?.key.sk, ...errorFields(error) });
        return [at];
      }
    }),
  );
  const first = failures.flat().sort((a, b) => a - b)[0];
  const sequence = first === undefined ? undefined : Records[first]?.dynamodb?.SequenceNumber;
  return { batchItemFailures: sequence === undefined ? [] : [{ itemIdentifier: sequence }] };
}

function toChange(record: StreamRecord): Change {
  const { pk, sk } = unmarshallImage(record.dynamodb?.Keys) ?? {};
  return {
    kind: record.eventName as Change['kind'],
    key: { pk: String(pk), sk: String(sk) },
    before: unmarshallImage(record.dynamodb?.OldImage),
    after: unmarshallImage(record.dynamodb?.NewImage),
  };
}

/** The two typings of an attribute value (Lambda's and the SDK's) describe the same JSON. */
function unmarshallImage(image: object | undefined): Record<string, unknown> | undefined {
  return image ? unmarshall(image as Record<string, AttributeValue>) : undefined;
}
