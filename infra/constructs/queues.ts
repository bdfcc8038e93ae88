import { Duration, Stack } from 'aws-cdk-lib';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

import { addAlarm } from './alarm.ts';
import { acknowledge } from './nag-reasons.ts';

const QUEUE = {
  encryption: QueueEncryption.SQS_MANAGED,
  enforceSSL: true,
  retentionPeriod: Duration.days(14),
};

/** Holds what failed for good, 14 days, and rings at the first message. Its name says whose it is. */
export function failureQueue(scope: Construct, id: string, alarms: ITopic, errorImpact: string): Queue {
  const queue = new Queue(scope, id, { ...QUEUE, queueName: `${Stack.of(scope).stackName}-${id}` });
  acknowledge(queue, 'AwsSolutions-SQS3', 'Serverless-SQSRedrivePolicy');
  addAlarm(scope, `${id}Filled`, alarms, {
    seen: `Something failed for good and waits in the failure queue ${id}.`,
    errorImpact,
    metric: queue.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1) }),
    threshold: 1,
  });
  return queue;
}

/** A queue that moves a message to `failures` after `maximumReceives` tries. */
export function workQueue(
  scope: Construct,
  id: string,
  {
    failures,
    maximumReceives,
    visibilitySeconds,
  }: { failures: Queue; maximumReceives: number; visibilitySeconds: number },
): Queue {
  return new Queue(scope, id, {
    ...QUEUE,
    visibilityTimeout: Duration.seconds(visibilitySeconds),
    deadLetterQueue: { queue: failures, maxReceiveCount: maximumReceives },
  });
}
