import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Why a rule of cdk-nag does not hold here. Each is acknowledged where it is true, never for a whole stack. */
const REASONS = {
  'AwsSolutions-L1': 'Node 22 is what all tests run on; it is supported until April 2027 (F5).',
  'Serverless-LambdaLatestVersion':
    'Node 22 is what all tests run on; it is supported until April 2027 (F5).',
  'Serverless-LambdaTracing':
    'Tracing needs permission on all resources and costs per request; every log line carries ids instead.',
  'Serverless-LambdaDLQ':
    'HTTP answers its caller, streams and queues have their own failure queue, a scheduled run is followed by the next.',
  'Serverless-LambdaAsyncFailureDestination':
    'A scheduled run that failed is not made up for: the next one does all that is due, and an alarm rings.',
  'Serverless-LambdaEventSourceMappingDestination': 'The queue itself has a failure queue.',
  'AwsSolutions-SQS3': 'It is a failure queue.',
  'Serverless-SQSRedrivePolicy': 'It is a failure queue.',
  'AwsSolutions-APIG4':
    'Public pages: what a link may do is in its signed token, checked by the function (D9, U3).',
  'AwsSolutions-S1': 'One write a day by one function; the log of reads would say nothing that is secret.',
  'AwsSolutions-IAM5[Resource::*]':
    'dynamodb:ListStreams and ses:ListSuppressedDestinations know no resource types.',
} as const;

export function acknowledge(construct: IConstruct, ...rules: (keyof typeof REASONS)[]): void {
  Validations.of(construct).acknowledge(...rules.map((id) => ({ id, reason: REASONS[id] })));
}

/** As `acknowledge`, for a resource whose name depends on the stage: a grant on `prefix*` is meant, and nothing wider. */
export function acknowledgeWildcard(construct: IConstruct, resource: string): void {
  const reason = 'Every root is an object of its own; no other name can be written.';
  Validations.of(construct).acknowledge({ id: `AwsSolutions-IAM5[Resource::${resource}]`, reason });
}
