import { appendFileSync } from 'node:fs';

import { log } from '../../shared/platform/log.ts';
import { ACCOUNT, REGION } from './environment.ts';
import type { DataFolder } from './data-folder.ts';
import type { Discarded } from './stream-mapping.ts';

/** The failure destination of a stream consumer: as on AWS it holds what to look for, not the records. */
export function discardToFile(folder: DataFolder, functionName: string): (discarded: Discarded) => void {
  return ({ record, position, cause, calls }) => {
    const sequence = record.dynamodb?.SequenceNumber;
    const arrival = new Date((record.dynamodb?.ApproximateCreationDateTime ?? 0) * 1_000).toISOString();
    const line = {
      requestContext: {
        functionArn: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${functionName}`,
        condition: cause,
        approximateInvokeCount: calls,
      },
      version: '1.0',
      timestamp: new Date().toISOString(),
      DDBStreamBatchInfo: {
        shardId: position.shard,
        startSequenceNumber: sequence,
        endSequenceNumber: sequence,
        approximateArrivalOfFirstRecord: arrival,
        approximateArrivalOfLastRecord: arrival,
        batchSize: 1,
        streamArn: position.stream,
      },
    };
    appendFileSync(folder.failures(functionName), `${JSON.stringify(line)}\n`);
    log('error', 'stream-record-discarded', { function: functionName, cause, sequence });
  };
}
