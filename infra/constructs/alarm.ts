import { Aws } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';

export type AlarmShape = {
  /** What was seen, in a sentence. */
  seen: string;
  /** What it means for people; whoever is woken reads this first. */
  errorImpact: string;
  metric: IMetric;
  /** Rings at this value or above … */
  threshold: number;
  /** … or below it, and where the metric has fallen silent: the thing itself has stopped. */
  below?: true;
  evaluationPeriods?: number;
};

/** An alarm that says what it means, sent to the alarm topic, and its all-clear as well. */
export function addAlarm(scope: Construct, id: string, topic: ITopic, shape: AlarmShape): Alarm {
  const alarm = new Alarm(scope, id, {
    metric: shape.metric,
    threshold: shape.threshold,
    evaluationPeriods: shape.evaluationPeriods ?? 1,
    comparisonOperator: shape.below
      ? ComparisonOperator.LESS_THAN_THRESHOLD
      : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: shape.below ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    alarmDescription: `${shape.seen}\nImpact: ${shape.errorImpact}`,
  });
  alarm.addAlarmAction(new SnsAction(topic));
  alarm.addOkAction(new SnsAction(topic));
  return alarm;
}

/** Where all alarms go. CloudWatch must be let in by name: a policy that enforces TLS replaces the default one. */
export function alarmTopic(scope: Construct, email: string | undefined): Topic {
  const topic = new Topic(scope, 'Alarms', { enforceSSL: true });
  topic.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
    }),
  );
  if (email) topic.addSubscription(new EmailSubscription(email));
  return topic;
}
