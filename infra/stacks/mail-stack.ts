import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import {
  ConfigurationSet,
  EmailIdentity,
  EmailSendingEvent,
  EventDestination,
  Identity,
  SuppressionReasons,
} from 'aws-cdk-lib/aws-ses';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

import { addAlarm } from '../constructs/alarm.ts';
import type { Deployment } from '../constructs/deployment.ts';
import { failureQueue, workQueue } from '../constructs/queues.ts';
import { FUNCTIONS } from '../functions.ts';
import { SES_QUEUE } from '../triggers.ts';

const EVENTS = [
  EmailSendingEvent.SEND,
  EmailSendingEvent.DELIVERY,
  EmailSendingEvent.BOUNCE,
  EmailSendingEvent.COMPLAINT,
  EmailSendingEvent.REJECT,
  EmailSendingEvent.DELIVERY_DELAY,
  EmailSendingEvent.RENDERING_FAILURE,
  EmailSendingEvent.SUBSCRIPTION,
];
/** Naming these puts a pixel and our links into a mail, so only mail to people who allow it may (G12, S5). */
const TRACKED = [EmailSendingEvent.OPEN, EmailSendingEvent.CLICK];

/** The sender, its configuration sets, and the way of SES's news into a queue (V6). */
export class MailStack extends Stack {
  readonly identity: EmailIdentity;
  /** Confirmation, welcome, receipts. */
  readonly service: ConfigurationSet;
  readonly events: Queue;

  constructor(
    scope: Construct,
    id: string,
    { deployment, alarms }: { deployment: Deployment; alarms: ITopic },
    props: StackProps,
  ) {
    super(scope, id, props);
    const { stage, domain, sender } = deployment;
    this.identity = new EmailIdentity(this, 'Sender', {
      identity: domain === undefined ? Identity.email(sender ?? '') : Identity.domain(domain),
    });
    if (domain !== undefined) this.#outputDkim();

    const { errorImpact } = FUNCTIONS[SES_QUEUE.function];
    const failures = failureQueue(this, 'SesEventFailures', alarms, errorImpact);
    this.events = workQueue(this, 'SesEvents', { failures, ...SES_QUEUE });
    const topic = new Topic(this, 'SesNews', { enforceSSL: true });
    topic.addSubscription(new SqsSubscription(this.events, { deadLetterQueue: failures }));

    // A bounced address may get one new confirmation mail, so SES must not hold it back; our list is the truth (V8).
    this.service = this.#configurationSet(
      `assent-${stage}-service`,
      SuppressionReasons.COMPLAINTS_ONLY,
      topic,
    );
    const marketing = SuppressionReasons.BOUNCES_AND_COMPLAINTS;
    this.#configurationSet(`assent-${stage}-marketing`, marketing, topic);
    this.#configurationSet(`assent-${stage}-tracked`, marketing, topic, TRACKED);

    addAlarm(this, 'SesEventsLate', alarms, {
      seen: 'News from SES has been waiting for ten minutes.',
      errorImpact,
      metric: this.events.metricApproximateAgeOfOldestMessage({ period: Duration.minutes(5) }),
      threshold: 600,
    });
    this.#reputationAlarms(alarms);
  }

  #configurationSet(
    name: string,
    suppressionReasons: SuppressionReasons,
    topic: Topic,
    more: readonly EmailSendingEvent[] = [],
  ): ConfigurationSet {
    const set = new ConfigurationSet(this, name, {
      configurationSetName: name,
      suppressionReasons,
      reputationMetrics: true,
    });
    const destination = EventDestination.snsTopic(topic);
    set.addEventDestination('News', { destination, events: [...EVENTS, ...more] });
    return set;
  }

  /** Well below the rates at which SES reviews an account and mailbox providers refuse it (B1, B3). */
  #reputationAlarms(alarms: ITopic): void {
    for (const { name, rate } of [
      { name: 'BounceRate', rate: 0.04 },
      { name: 'ComplaintRate', rate: 0.001 },
    ]) {
      addAlarm(this, name, alarms, {
        seen: `The account's ${name} has reached ${rate * 100} %. Gmail reports no complaints to SES: see Postmaster Tools as well.`,
        errorImpact: 'Mailbox providers start to refuse our mail; SES may stop the account.',
        metric: new Metric({
          namespace: 'AWS/SES',
          metricName: `Reputation.${name}`,
          period: Duration.hours(1),
          statistic: 'Average',
        }),
        threshold: rate,
      });
    }
  }

  #outputDkim(): void {
    this.identity.dkimRecords.forEach(({ name, value }, at) => {
      new CfnOutput(this, `Dkim${at + 1}`, {
        value: `${name} CNAME ${value}`,
        description: 'Publish this in DNS.',
      });
    });
  }
}
