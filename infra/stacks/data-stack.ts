import { Aws, CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import {
  AttributeType,
  Billing,
  ProjectionType,
  StreamViewType,
  TableEncryptionV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectLockRetention } from 'aws-cdk-lib/aws-s3';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

import { TABLES } from '../../shared/platform/keys.ts';
import type { TableName } from '../../shared/platform/keys.ts';
import { alarmTopic } from '../constructs/alarm.ts';
import type { Deployment } from '../constructs/deployment.ts';
import { acknowledge } from '../constructs/nag-reasons.ts';
import { deployedTableName } from '../constructs/table-name.ts';

export type Tables = Record<TableName, TableV2>;
/** What makes the daily roots evidence against ourselves: a key that nobody can take out, a shelf that nobody can clear. */
export type EvidenceKeeping = { key: Key; rootsName: string };

/** Long enough for every limitation period that a consent may be argued about in (§ 199 BGB: ten years). */
const ROOTS_KEPT = Duration.days(3_653);

/** What outlives every deployment: tables, evidence, and the topic that alarms are sent to. */
export class DataStack extends Stack {
  readonly tables: Tables;
  readonly evidence: EvidenceKeeping;
  readonly alarms: Topic;

  constructor(scope: Construct, id: string, deployment: Deployment, props: StackProps) {
    super(scope, id, props);
    this.tables = {
      contacts: this.#table('contacts', deployment.stage),
      ledger: this.#table('ledger', deployment.stage),
      engagement: this.#table('engagement', deployment.stage),
      outbox: this.#table('outbox', deployment.stage),
      config: this.#table('config', deployment.stage),
    };
    // Named, so that the grant on it can be told apart; bucket names are one space for all accounts.
    const rootsName = `assent-${deployment.stage}-roots-${deployment.region}-${Aws.ACCOUNT_ID}`;
    this.#rootsBucket(rootsName);
    this.evidence = { key: this.#signingKey(deployment.stage), rootsName };
    this.alarms = alarmTopic(this, deployment.alarmEmail);
  }

  /** H4: signs the roots; KMS gives out its public half alone. */
  #signingKey(stage: string): Key {
    return new Key(this, 'EvidenceKey', {
      alias: `assent-${stage}-evidence`,
      keySpec: KeySpec.ECC_NIST_P256,
      keyUsage: KeyUsage.SIGN_VERIFY,
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  /** H5: nobody, the account's root user included, can delete or shorten what lies here; it holds hashes alone. */
  #rootsBucket(bucketName: string): void {
    const bucket = new Bucket(this, 'EvidenceRoots', {
      bucketName,
      versioned: true,
      objectLockEnabled: true,
      objectLockDefaultRetention: ObjectLockRetention.compliance(ROOTS_KEPT),
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    acknowledge(bucket, 'AwsSolutions-S1');
    new CfnOutput(this, 'EvidenceRootsBucket', { value: bucket.bucketName });
  }

  /** A named table cannot be silently replaced by an empty one: a second creation fails (N11). */
  #table(name: TableName, stage: string): TableV2 {
    const { stream, ttl, indexes } = TABLES[name];
    const table = new TableV2(this, name, {
      tableName: deployedTableName(stage, name),
      partitionKey: textKey('pk'),
      sortKey: textKey('sk'),
      billing: Billing.onDemand(),
      encryption: TableEncryptionV2.awsManagedKey(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
      globalSecondaryIndexes: Object.entries(indexes).map(([indexName, { pk, sk }]) => ({
        indexName,
        partitionKey: textKey(pk),
        sortKey: textKey(sk),
        projectionType: ProjectionType.KEYS_ONLY,
      })),
      ...(stream ? { dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES } : {}),
      ...(ttl ? { timeToLiveAttribute: 'expiresAt' } : {}),
    });
    new CfnOutput(this, `${name}TableName`, { value: table.tableName });
    return table;
  }
}

function textKey(name: string) {
  return { name, type: AttributeType.STRING };
}
