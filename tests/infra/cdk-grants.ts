import * as z from 'zod';

import { TABLES } from '../../shared/platform/keys.ts';
import { FUNCTIONS } from '../../infra/functions.ts';
import { SES_QUEUE, STREAMS } from '../../infra/triggers.ts';
import type { FunctionShape } from '../../infra/function-shape.ts';
import type { FunctionName } from '../../infra/functions.ts';
import { TABLE_NAMES } from '../../infra/constructs/table-name.ts';
import type { Resource } from './cdk-templates.ts';

export const FUNCTION_NAMES = Object.keys(FUNCTIONS).filter(
  (name): name is FunctionName => name in FUNCTIONS,
);

const actions = z.union([z.array(z.string()), z.string().transform((one) => [one])]);
const targets = z.union([z.array(z.json()), z.json().transform((one) => [one])]);
const policyDocument = z.object({
  Statement: z.array(
    z.strictObject({
      Effect: z.literal('Allow'),
      Action: actions,
      Resource: targets,
      Condition: z
        .strictObject({
          'ForAllValues:StringLike': z.strictObject({ 'dynamodb:LeadingKeys': z.array(z.string()) }),
        })
        .optional(),
    }),
  ),
});

const WRITES = ['PutItem', 'UpdateItem', 'DeleteItem'];

/** Grants as FUNCTIONS and STREAMS state them: `action on resource`, `action on resource in partitions`. */
export function statedGrants(name: FunctionName): string[] {
  const shape: FunctionShape = FUNCTIONS[name];
  const tables = TABLE_NAMES.flatMap((table) =>
    (shape.tables[table] ?? []).flatMap((action) => [
      `dynamodb:${action} on ${table}${within((WRITES.includes(action) ? shape.writesTo : shape.readsFrom)?.[table])}`,
      ...(action === 'Query' && !shape.readsFrom?.[table]
        ? Object.keys(TABLES[table].indexes).map((index) => `dynamodb:Query on ${table}/index/${index}`)
        : []),
    ]),
  );
  const streams = STREAMS.filter((stream) => stream.function === name).flatMap(({ table }) => [
    ...['DescribeStream', 'GetRecords', 'GetShardIterator'].map(
      (action) => `dynamodb:${action} on stream of ${table}`,
    ),
    'dynamodb:ListStreams on *',
    ...['GetQueueAttributes', 'GetQueueUrl', 'SendMessage'].map((action) => `sqs:${action} on own failures`),
  ]);
  const receive = [
    'ChangeMessageVisibility',
    'DeleteMessage',
    'GetQueueAttributes',
    'GetQueueUrl',
    'ReceiveMessage',
  ];
  return [
    ...tables,
    ...new Set(streams),
    ...(shape.signs ? ['kms:GetPublicKey on evidence key', 'kms:Sign on evidence key'] : []),
    ...(shape.keepsRoots ? ['s3:PutObject on roots', 's3:PutObjectRetention on roots'] : []),
    ...shape.secrets.map((secret) => `ssm:GetParameters on ${secret}`),
    ...(shape.sendsMail ? ['ses:SendEmail on sender', 'ses:SendEmail on service configuration set'] : []),
    ...(shape.readsSuppressionList ? ['ses:ListSuppressedDestinations on *'] : []),
    ...(name === SES_QUEUE.function ? receive.map((action) => `sqs:${action} on SES queue`) : []),
    ...['CreateLogStream', 'PutLogEvents'].map((action) => `logs:${action} on own log`),
  ].sort();
}

/** Grants of a deployed function as its role's policies state them, in the same words. */
export function deployedGrants(resources: readonly Resource[], fn: Resource): string[] {
  const role = /"Fn::GetAtt":\["(\w+)"/.exec(JSON.stringify(fn.Properties.Role))?.[1] ?? '';
  const policies = resources.filter(
    ({ Type, stack, Properties }) =>
      Type === 'AWS::IAM::Policy' &&
      stack === fn.stack &&
      JSON.stringify(Properties.Roles).includes(`"${role}"`),
  );
  return policies
    .flatMap(({ Properties }) => policyDocument.parse(Properties.PolicyDocument).Statement)
    .flatMap(({ Action, Resource, Condition }) => {
      const held = within(Condition?.['ForAllValues:StringLike']['dynamodb:LeadingKeys']);
      return Action.flatMap((action) => Resource.map((target) => `${action} on ${nameOf(target)}${held}`));
    })
    .sort();
}

function within(partitions: readonly string[] | undefined): string {
  return partitions ? ` in ${partitions.join(' ')}` : '';
}

/** What an ARN of the template means, in words; what is not known here comes back raw and fails the comparison. */
function nameOf(arn: unknown): string {
  const text = JSON.stringify(arn);
  const table = /FnGetAtt([a-z]+)[0-9A-F]{8}(Stream)?Arn/.exec(text);
  const index = /"(\/index\/\w+)"/.exec(text)?.[1] ?? '';
  if (text.includes('assent-dev-data:') && table) return `${table[2] ? 'stream of ' : ''}${table[1]}${index}`;
  if (/assent-dev-data:ExportsOutput(FnGetAtt|Ref)EvidenceKey/.test(text)) return 'evidence key';
  if (/:s3:::assent-dev-roots-[\w-]+",.*"\/root-\*"/.test(text)) return 'roots';
  const secret = /:parameter\/assent\/dev\/([a-z-]+)"/.exec(text)?.[1];
  if (secret) return secret;
  if (text.includes(':identity/') && text.includes('ExportsOutputRefSender')) return 'sender';
  if (text.includes(':configuration-set/') && text.includes('devservice')) return 'service configuration set';
  if (/assent-dev-mail:ExportsOutputFnGetAttSesEvents[0-9A-F]{8}Arn/.test(text)) return 'SES queue';
  if (/^\{"Fn::GetAtt":\["\w+logs[0-9A-F]{8}","Arn"\]\}$/.test(text)) return 'own log';
  if (/^\{"Fn::GetAtt":\["\w+failures[0-9A-F]{8}","Arn"\]\}$/.test(text)) return 'own failures';
  return text === '"*"' ? '*' : text;
}
