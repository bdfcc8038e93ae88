/** Stands in for the SDK's event streams: no call of DynamoDB or SES has any. */
export class EventStreamSerde {
  constructor() {
    throw new Error('event streams are not part of this bundle');
  }
}
