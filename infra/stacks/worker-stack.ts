import { Duration, Stack } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping, FilterCriteria, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

import { addAlarm } from '../constructs/alarm.ts';
import { AssentFunction } from '../constructs/assent-function.ts';
import type { Surroundings } from '../constructs/assent-function.ts';
import type { Deployment } from '../constructs/deployment.ts';
import { acknowledge } from '../constructs/nag-reasons.ts';
import { failureQueue } from '../constructs/queues.ts';
import { FUNCTIONS } from '../functions.ts';
import { SCHEDULES, SES_QUEUE, STREAMS } from '../triggers.ts';
import type { DataStack } from './data-stack.ts';
import type { MailStack } from './mail-stack.ts';

type Stream = (typeof STREAMS)[number];
type StreamConsumer = Stream['function'];
type Around = { deployment: Deployment; data: DataStack; mail: MailStack; baseUrl: string };

/** What works behind the pages: on table streams, on news from SES, and each minute. */
export class WorkerStack extends Stack {
  readonly #around: Surroundings;
  readonly #alarms: ITopic;

  constructor(scope: Construct, id: string, { deployment, data, mail, baseUrl }: Around, props: StackProps) {
    super(scope, id, props);
    this.#alarms = data.alarms;
    this.#around = {
      stage: deployment.stage,
      tables: data.tables,
      evidence: data.evidence,
      alarms: data.alarms,
      baseUrl,
      sender: { identity: mail.identity, configurationSet: mail.service },
    };
    for (const [name, streams] of Map.groupBy(STREAMS, (stream) => stream.function)) {
      this.#consumer(name, streams, data);
    }
    this.#sesEvents(mail);
    for (const schedule of SCHEDULES) this.#scheduled(schedule);
  }

  /** A consumer of streams, however many. */
  #consumer(name: StreamConsumer, streams: readonly Stream[], { tables }: DataStack): void {
    const consumer = new AssentFunction(this, name, this.#around);
    const { errorImpact } = FUNCTIONS[name];
    const failures = failureQueue(this, `${name}-failures`, this.#alarms, errorImpact);
    // The action knows no resource types.
    consumer.addToRolePolicy(new PolicyStatement({ actions: ['dynamodb:ListStreams'], resources: ['*'] }));
    if (consumer.role) acknowledge(consumer.role, 'AwsSolutions-IAM5[Resource::*]');
    for (const stream of streams) {
      const id = streams.length === 1 ? `${name}-stream` : `${name}-${stream.table}-stream`;
      this.#mapping(id, consumer, stream, { table: tables[stream.table], failures });
    }
    addAlarm(this, `${name}-late`, this.#alarms, {
      seen: `The stream of ${streams.map(({ table }) => table).join(' or ')} is read five minutes late.`,
      errorImpact,
      metric: consumer.metric('IteratorAge', { period: Duration.minutes(5), statistic: 'Maximum' }),
      threshold: Duration.minutes(5).toMilliseconds(),
    });
  }

  /** Every setting is said, because the defaults let one poison record stop its shard for a day (N5). */
  #mapping(
    id: string,
    consumer: AssentFunction,
    stream: Stream,
    { table, failures }: { table: TableV2; failures: IQueue },
  ): void {
    const streamArn = table.tableStreamArn;
    if (streamArn === undefined) throw new Error(`the table ${stream.table} has no stream`);
    consumer.addToRolePolicy(
      new PolicyStatement({
        actions: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'],
        resources: [streamArn],
      }),
    );
    new EventSourceMapping(this, id, {
      target: consumer,
      eventSourceArn: streamArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      filters: stream.filters.map((filter) => FilterCriteria.filter(filter)),
      batchSize: stream.batchSize,
      maxBatchingWindow: Duration.seconds(stream.maximumBatchingWindowSeconds),
      parallelizationFactor: stream.parallelizationFactor,
      reportBatchItemFailures: true,
      bisectBatchOnError: true,
      retryAttempts: stream.maximumRetryAttempts,
      maxRecordAge: Duration.seconds(stream.maximumRecordAgeSeconds),
      onFailure: new SqsDlq(failures),
    });
  }

  #sesEvents({ events }: MailStack): void {
    const consumer = new AssentFunction(this, SES_QUEUE.function, this.#around);
    events.grantConsumeMessages(consumer);
    const mapping = new EventSourceMapping(this, `${SES_QUEUE.function}-queue`, {
      target: consumer,
      eventSourceArn: events.queueArn,
      batchSize: SES_QUEUE.batchSize,
      reportBatchItemFailures: true,
    });
    acknowledge(mapping, 'Serverless-LambdaEventSourceMappingDestination');
  }

  #scheduled(schedule: (typeof SCHEDULES)[number]): void {
    const { function: name, everyMinutes, silence } = schedule;
    const scheduled = new AssentFunction(this, name, this.#around);
    const { errorImpact } = FUNCTIONS[name];
    const again = {
      retryAttempts: schedule.retries,
      maxEventAge: Duration.minutes(schedule.patienceMinutes),
    };
    scheduled.configureAsyncInvoke(again);
    acknowledge(scheduled, 'Serverless-LambdaAsyncFailureDestination');
    new Rule(this, `${name}-rule`, {
      schedule: Schedule.rate(Duration.minutes(everyMinutes)),
      targets: [
        new LambdaFunction(scheduled, {
          ...again,
          deadLetterQueue: failureQueue(this, `${name}-failures`, this.#alarms, errorImpact),
        }),
      ],
    });
    const period = Duration.minutes(silence.minutes);
    addAlarm(this, `${name}-stopped`, this.#alarms, {
      seen: `The function ${name} has not run for ${silence.minutes * silence.times} minutes.`,
      errorImpact,
      metric: scheduled.metricInvocations({ period }),
      threshold: 1,
      below: true,
      evaluationPeriods: silence.times,
    });
  }
}
