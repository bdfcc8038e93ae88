import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';

import { receiveEvent } from '../shared/outbox/receive-event.ts';
import { parseSesEvent, parseSqsRecord } from '../shared/outbox/ses-event.ts';
import { errorFields, log } from '../shared/platform/log.ts';
import { openSecrets } from '../shared/platform/secrets.ts';
import { openDatabase } from '../shared/platform/table.ts';
import { openSettings } from '../shared/settings/store.ts';

const db = openDatabase();
const deps = { db, secrets: openSecrets(), settings: openSettings(db) };

export async function handler({ Records }: SQSEvent): Promise<SQSBatchResponse> {
  const results = await Promise.allSettled(
    Records.map(async ({ body }) => {
      const event = parseSesEvent(parseSqsRecord(body));
      if (event.kind !== 'unknown') await receiveEvent(deps, event);
    }),
  );
  const batchItemFailures = results.flatMap((result, at) => {
    if (result.status === 'fulfilled') return [];
    log('error', 'ses-event-failed', errorFields(result.reason));
    return [{ itemIdentifier: Records[at]?.messageId ?? '' }];
  });
  return { batchItemFailures };
}
