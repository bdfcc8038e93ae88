import { CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import {
  AttributeType,
  Billing,
  ProjectionType,
  StreamViewType,
  TableEncryptionV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

import { TABLES } from '../../shared/platform/keys.ts';
import type { TableName } from '../../shared/platform/keys.ts';
import { alarmTopic } from '../constructs/alarm.ts';
import type { Deployment } from '../constructs/deployment.ts';
import { deployedTableName } from '../constructs/table-name.ts';

export type Tables = Record<TableName, TableV2>;

/** What outlives every deployment: the tables, and the topic that alarms are sent to. */
export class DataStack extends Stack {
  readonly tables: Tables;
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
    this.alarms = alarmTopic(this, deployment.alarmEmail);
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
