import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

import { log } from '../../shared/platform/log.ts';
import { ACCOUNT, REGION } from './environment.ts';
import type { DataFolder } from './data-folder.ts';
import type { Discarded } from './stream-mapping.ts';
import type { Waiting } from '../replay-failures.ts';

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

/** What the failure destination of a function holds by now, each with the means to take it out. */
export async function* readFailures(folder: DataFolder, functionName: string): AsyncGenerator<Waiting> {
  const path = folder.failures(functionName);
  for (const body of readLines(path)) {
    yield {
      body,
      drop: async () => {
        // In one turn, for more may be appended meanwhile.
        const rest = readLines(path).filter((line) => line !== body);
        writeFileSync(`${path}.new`, rest.map((line) => `${line}\n`).join(''));
        renameSync(`${path}.new`, path);
      },
    };
  }
}

function readLines(path: string): string[] {
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : [];
}
