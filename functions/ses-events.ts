import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';

import { countReputation } from '../shared/engagement/reputation.ts';
import { receiveReaction } from '../shared/engagement/receive-reaction.ts';
import { receiveEvent } from '../shared/outbox/receive-event.ts';
import { parseSesEvent, parseSqsRecord } from '../shared/outbox/ses-event.ts';
import { required } from '../shared/platform/config.ts';
import { errorFields, log } from '../shared/platform/log.ts';
import { openSecrets } from '../shared/platform/secrets.ts';
import { openDatabase } from '../shared/platform/table.ts';
import { openSettings } from '../shared/settings/store.ts';

const db = openDatabase();
const deps = {
  db,
  secrets: openSecrets(),
  settings: openSettings(db),
  baseUrl: required('ASSENT_BASE_URL'),
};

export async function handler({ Records }: SQSEvent): Promise<SQSBatchResponse> {
  const results = await Promise.allSettled(
    Records.map(async ({ body }) => {
      const event = parseSesEvent(parseSqsRecord(body));
      if (event.kind === 'unknown') return;
      await receiveEvent(deps, event);
      await receiveReaction(deps, event);
      await countReputation(deps, event);
    }),
  );
  const batchItemFailures = results.flatMap((result, at) => {
    if (result.status === 'fulfilled') return [];
    log('error', 'ses-event-failed', errorFields(result.reason));
    return [{ itemIdentifier: Records[at]?.messageId ?? '' }];
  });
  return { batchItemFailures };
}
