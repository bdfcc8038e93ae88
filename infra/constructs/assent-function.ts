import { Aws, Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import type { ConfigurationSet, EmailIdentity } from 'aws-cdk-lib/aws-ses';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

import { TABLES } from '../../shared/platform/keys.ts';
import type { TableName } from '../../shared/platform/keys.ts';
import { parameterName } from '../../shared/platform/secrets.ts';
import type { SecretName } from '../../shared/platform/secrets.ts';
import { FUNCTIONS } from '../functions.ts';
import type { FunctionShape } from '../function-shape.ts';
import type { FunctionName } from '../functions.ts';
import type { EvidenceKeeping, Tables } from '../stacks/data-stack.ts';
import { addAlarm } from './alarm.ts';
import { codeOf } from './function-code.ts';
import { addEventAlarms } from './event-alarms.ts';
import { logGroup } from './log-group.ts';
import { acknowledge, acknowledgeWildcard } from './nag-reasons.ts';
import { TABLE_NAMES } from './table-name.ts';

const WRITES = new Set(['PutItem', 'UpdateItem', 'DeleteItem']);

export type Surroundings = {
  stage: string;
  tables: Tables;
  evidence: EvidenceKeeping;
  baseUrl: string;
  alarms: ITopic;
  /** Given to functions that send mail. */
  sender?: { identity: EmailIdentity; configurationSet: ConfigurationSet };
};

/**
 * One function as FUNCTIONS describes it: what it may touch and the environment that names it are one call, so
 * neither can be given without the other.
 */
export class AssentFunction extends Function {
  constructor(scope: Construct, name: FunctionName, around: Surroundings) {
    const shape: FunctionShape = FUNCTIONS[name];
    const functionName = `assent-${around.stage}-${name}`;
    const role = new Role(scope, `${name}-role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    const logs = logGroup(scope, `${name}-logs`, `/aws/lambda/${functionName}`);
    logs.grantWrite(role);
    super(scope, name, {
      functionName,
      code: codeOf(name),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_22_X,
      architecture: Architecture.ARM_64,
      memorySize: shape.memoryMb,
      timeout: Duration.seconds(shape.timeoutSeconds),
      role,
      logGroup: logs,
      environment: { ASSENT_STAGE: around.stage, ASSENT_BASE_URL: around.baseUrl },
    });
    for (const table of TABLE_NAMES) this.#grantTable(table, shape, around.tables);
    if (shape.secrets.length > 0) this.#grantSecrets(shape.secrets, around.stage);
    if (shape.signs) this.#grantSigning(around.evidence);
    if (shape.keepsRoots) this.#grantKeeping(around.evidence);
    if (shape.sendsMail) this.#grantMail(name, around.sender);
    if (shape.readsSuppressionList) this.#grantSuppressionList();
    this.#addAlarms(name, shape, around.alarms);
    addEventAlarms(this, name, { logs, stage: around.stage, alarms: around.alarms });
    acknowledge(
      this,
      'AwsSolutions-L1',
      'Serverless-LambdaLatestVersion',
      'Serverless-LambdaTracing',
      'Serverless-LambdaDLQ',
    );
  }

  #grantTable(name: TableName, shape: FunctionShape, tables: Tables): void {
    const access: readonly string[] = shape.tables[name] ?? [];
    if (access.length === 0) return;
    const { tableArn, tableName } = tables[name];
    this.addEnvironment(`TABLE_${name.toUpperCase()}`, tableName);
    const grant = (granted: readonly string[], partitions?: readonly string[]) => {
      if (granted.length === 0) return;
      const conditions = partitions && {
        'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': partitions },
      };
      this.addToRolePolicy(
        new PolicyStatement({
          actions: granted.map((action) => `dynamodb:${action}`),
          resources: [tableArn],
          ...(conditions ? { conditions } : {}),
        }),
      );
    };
    const [writesTo, readsFrom] = [shape.writesTo?.[name], shape.readsFrom?.[name]];
    const writes = access.filter((action) => WRITES.has(action));
    const reads = access.filter((action) => !WRITES.has(action));
    grant([...(readsFrom ? [] : reads), ...(writesTo ? [] : writes)]);
    if (readsFrom) grant(reads, readsFrom);
    if (writesTo) grant(writes, writesTo);
    // What an index leads by is no partition of the table.
    const indexes = Object.keys(TABLES[name].indexes).map((index) => `${tableArn}/index/${index}`);
    if (access.includes('Query') && !readsFrom && indexes.length > 0) {
      this.addToRolePolicy(new PolicyStatement({ actions: ['dynamodb:Query'], resources: indexes }));
    }
  }

  /** The AWS-managed key of SecureStrings needs no grant of its own. */
  #grantSecrets(secrets: readonly SecretName[], stage: string): void {
    const resources = secrets.map((secret) =>
      // The name begins with a slash, which an ARN has only once.
      Stack.of(this).formatArn({
        service: 'ssm',
        resource: 'parameter',
        resourceName: parameterName(stage, secret).slice(1),
      }),
    );
    this.addEnvironment('ASSENT_SECRETS', secrets.join(','));
    this.addToRolePolicy(new PolicyStatement({ actions: ['ssm:GetParameters'], resources }));
  }

  #grantSigning({ key }: EvidenceKeeping): void {
    this.addEnvironment('ASSENT_SIGNING_KEY', key.keyArn);
    const actions = ['kms:Sign', 'kms:GetPublicKey'];
    this.addToRolePolicy(new PolicyStatement({ actions, resources: [key.keyArn] }));
  }

  /** Every root is an object of its own, so the grant names all names that a root can have. */
  #grantKeeping({ rootsName }: EvidenceKeeping): void {
    this.addEnvironment('ASSENT_ROOTS_BUCKET', rootsName);
    const actions = ['s3:PutObject', 's3:PutObjectRetention'];
    const resource = `${rootsName}/root-*`;
    const arn = Stack.of(this).formatArn({ service: 's3', region: '', account: '', resource });
    this.addToRolePolicy(new PolicyStatement({ actions, resources: [arn] }));
    const shown = resource.replace(Aws.ACCOUNT_ID, '<AWS::AccountId>');
    if (this.role) acknowledgeWildcard(this.role, `arn:aws:s3:::${shown}`);
  }

  #grantMail(name: FunctionName, sender: Surroundings['sender']): void {
    if (!sender) throw new Error(`${name} sends mail but was given no sender`);
    const { configurationSetName } = sender.configurationSet;
    this.addEnvironment('SES_CONFIGURATION_SET', configurationSetName);
    this.addToRolePolicy(
      new PolicyStatement({
        actions: ['ses:SendEmail'],
        resources: [
          sender.identity.emailIdentityArn,
          Stack.of(this).formatArn({
            service: 'ses',
            resource: 'configuration-set',
            resourceName: configurationSetName,
          }),
        ],
      }),
    );
  }

  /** The action knows no resource types. */
  #grantSuppressionList(): void {
    const actions = ['ses:ListSuppressedDestinations'];
    this.addToRolePolicy(new PolicyStatement({ actions, resources: ['*'] }));
    if (this.role) acknowledge(this.role, 'AwsSolutions-IAM5[Resource::*]');
  }

  #addAlarms(name: FunctionName, { errorImpact }: FunctionShape, alarms: ITopic): void {
    addAlarm(this, 'Errors', alarms, {
      seen: `The function ${name} failed.`,
      errorImpact,
      metric: this.metricErrors({ period: Duration.minutes(5) }),
      threshold: 1,
    });
    addAlarm(this, 'Throttles', alarms, {
      seen: `Calls of the function ${name} were refused: the account's concurrency is used up.`,
      errorImpact,
      metric: this.metricThrottles({ period: Duration.minutes(5) }),
      threshold: 1,
      evaluationPeriods: 2,
    });
  }
}
