import { isDeepStrictEqual } from 'node:util';

import type {
  AttributeValue as StreamedValue,
  _Record as StreamedRecord,
} from '@aws-sdk/client-dynamodb-streams';
import type { AttributeValue, DynamoDBRecord } from 'aws-lambda';

import { SECOND } from '../../shared/platform/clock.ts';
import { REGION } from './environment.ts';

/** AWS makes no record of a write that changes nothing; the embedded engine does. */
export function changedNothing({ dynamodb }: StreamedRecord): boolean {
  return dynamodb?.OldImage !== undefined && isDeepStrictEqual(dynamodb.OldImage, dynamodb.NewImage);
}

/** A stream record as Lambda hands it over: instants as seconds, bytes in base64. */
export function toLambdaRecord(record: StreamedRecord, streamArn: string): DynamoDBRecord {
  const { Keys, NewImage, OldImage, SequenceNumber, SizeBytes, StreamViewType, ApproximateCreationDateTime } =
    record.dynamodb ?? {};
  return {
    eventID: record.eventID ?? '',
    eventName: record.eventName ?? 'MODIFY',
    eventVersion: record.eventVersion ?? '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: REGION,
    dynamodb: {
      ApproximateCreationDateTime: Math.floor((ApproximateCreationDateTime?.getTime() ?? 0) / SECOND),
      ...(Keys ? { Keys: toImage(Keys) } : {}),
      ...(NewImage ? { NewImage: toImage(NewImage) } : {}),
      ...(OldImage ? { OldImage: toImage(OldImage) } : {}),
      SequenceNumber: SequenceNumber ?? '',
      SizeBytes: SizeBytes ?? 0,
      StreamViewType: StreamViewType ?? 'NEW_AND_OLD_IMAGES',
    },
    eventSourceARN: streamArn,
    ...(record.userIdentity
      ? { userIdentity: { type: record.userIdentity.Type, principalId: record.userIdentity.PrincipalId } }
      : {}),
  };
}

function toImage(image: Record<string, StreamedValue>): Record<string, AttributeValue> {
  return Object.fromEntries(Object.entries(image).map(([name, value]) => [name, toValue(value)]));
}

function toValue(value: StreamedValue): AttributeValue {
  if (value.B) return { B: base64(value.B) };
  if (value.BS) return { BS: value.BS.map(base64) };
  if (value.L) return { L: value.L.map(toValue) };
  if (value.M) return { M: toImage(value.M) };
  if (value.S !== undefined) return { S: value.S };
  if (value.N !== undefined) return { N: value.N };
  if (value.BOOL !== undefined) return { BOOL: value.BOOL };
  if (value.SS) return { SS: value.SS };
  if (value.NS) return { NS: value.NS };
  return { NULL: true };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
