import { Stack, Validations } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';

import { TABLES, keys } from '../../shared/platform/keys.ts';
import { demoBrand } from '../../shared/settings/demo.ts';
import { TABLE_NAMES } from '../../infra/constructs/table-name.ts';
import { FUNCTIONS } from '../../infra/functions.ts';
import { ROUTES, STREAMS } from '../../infra/triggers.ts';
import type { FunctionShape } from '../../infra/function-shape.ts';
import { FUNCTION_NAMES, deployedGrants, statedGrants } from './cdk-grants.ts';
import { newApp, synthesize } from './cdk-templates.ts';

const BASE_URL = 'https://consent.nordlicht.example';
const app = synthesize({ domain: 'nordlicht.example', baseUrl: BASE_URL }, { nag: true });

const environmentOf = (name: string) =>
  z
    .object({ Variables: z.record(z.string(), z.json()) })
    .parse(app.functionNamed(name).Properties.Environment).Variables;

describe('functions', () => {
  test('every entry of FUNCTIONS is deployed, and nothing else', () => {
    expect(app.ofType('AWS::Lambda::Function')).toHaveLength(FUNCTION_NAMES.length);
    for (const name of FUNCTION_NAMES) expect(app.functionNamed(name)).toBeDefined();
  });

  test.each(FUNCTION_NAMES)(
    'F5 %s runs on Node 22 on ARM, with the memory and time that FUNCTIONS states',
    (name) => {
      expect(app.functionNamed(name).Properties).toMatchObject({
        Runtime: 'nodejs22.x',
        Architectures: ['arm64'],
        Handler: 'index.handler',
        MemorySize: FUNCTIONS[name].memoryMb,
        Timeout: FUNCTIONS[name].timeoutSeconds,
      });
    },
  );

  test('F7 what answers HTTP ends before API Gateway gives up', () => {
    for (const { function: name } of ROUTES) expect(FUNCTIONS[name].timeoutSeconds).toBeLessThan(29);
  });

  test.each(FUNCTION_NAMES)(
    '%s is told of the tables, secrets and senders it may use, and of no others',
    (name) => {
      const shape: FunctionShape = FUNCTIONS[name];
      const told = Object.keys(environmentOf(name)).sort();
      expect(told).toEqual(
        [
          'ASSENT_BASE_URL',
          'ASSENT_STAGE',
          ...TABLE_NAMES.filter((table) => shape.tables[table]).map(
            (table) => `TABLE_${table.toUpperCase()}`,
          ),
          ...(shape.secrets.length > 0 ? ['ASSENT_SECRETS'] : []),
          ...(shape.sendsMail ? ['SES_CONFIGURATION_SET'] : []),
          ...(shape.signs ? ['ASSENT_SIGNING_KEY'] : []),
          ...(shape.keepsRoots ? ['ASSENT_ROOTS_BUCKET'] : []),
        ].sort(),
      );
      expect(environmentOf(name)).toMatchObject({ ASSENT_BASE_URL: BASE_URL, ASSENT_STAGE: 'dev' });
    },
  );
});

describe('permissions', () => {
  test.each(FUNCTION_NAMES)('the role of %s grants exactly what FUNCTIONS states', (name) => {
    expect(deployedGrants(app.resources, app.functionNamed(name))).toEqual(statedGrants(name));
  });

  test('E4 nobody can change or delete evidence', () => {
    for (const name of FUNCTION_NAMES) {
      const onLedger = deployedGrants(app.resources, app.functionNamed(name)).filter((grant) =>
        / on ledger( in |$)/.test(grant),
      );
      for (const grant of onLedger) {
        expect(grant).toMatch(
          /^dynamodb:(DescribeTable|PutItem|GetItem|BatchGetItem|Query|ConditionCheckItem) on ledger( in .*)?$/,
        );
      }
    }
  });

  test('W9 no function writes in config but settings and those of jobs, and these no API keys', () => {
    const writes = FUNCTION_NAMES.flatMap((name) =>
      deployedGrants(app.resources, app.functionNamed(name))
        .filter((grant) => /:(Put|Update|Delete|BatchWrite)Item on config/.test(grant))
        .map((grant) => ({ name, partitions: grant.split(' on config in ')[1]?.split(' ') ?? ['*'] })),
    );
    expect(new Set(writes.map(({ name }) => name))).toEqual(new Set(['settings', 'job-requests', 'jobs']));
    const { pk: key } = keys.apiKey('0f');
    const { pk: list } = keys.apiKeys(demoBrand.controller.id, 'ak_1');
    for (const { name, partitions } of writes) {
      const may = (pk: string) => partitions.some((pattern) => matches(pattern, pk));
      expect([name, may(key), may(list), may(keys.job('job_1').pk)]).toEqual([name, false, false, true]);
      expect(may(keys.setting('brand', 'nordlicht').pk)).toBe(name === 'settings');
      expect(may(keys.source('shop').pk)).toBe(name === 'settings');
    }
  });

  test('only jobs may scan a table, and that is the one of contacts', () => {
    const scans = FUNCTION_NAMES.flatMap((name) =>
      deployedGrants(app.resources, app.functionNamed(name))
        .filter((grant) => grant.startsWith('dynamodb:Scan '))
        .map((grant) => `${name}: ${grant}`),
    );
    expect(scans).toEqual(['jobs: dynamodb:Scan on contacts']);
  });

  test('F8 only mail may send mail', () => {
    const senders = FUNCTION_NAMES.filter((name) =>
      deployedGrants(app.resources, app.functionNamed(name)).some((grant) => grant.startsWith('ses:Send')),
    );
    expect(senders).toEqual(['mail']);
  });

  test('V8 only nightly may read what SES suppresses, and nobody may change it', () => {
    const others = FUNCTION_NAMES.flatMap((name) =>
      deployedGrants(app.resources, app.functionNamed(name))
        .filter((grant) => grant.startsWith('ses:') && !grant.startsWith('ses:Send'))
        .map((grant) => `${name}: ${grant}`),
    );
    expect(others).toEqual(['nightly: ses:ListSuppressedDestinations on *']);
  });

  test('no role has a managed policy or an action with a wildcard', () => {
    for (const { Properties } of app.ofType('AWS::IAM::Role'))
      expect(Properties.ManagedPolicyArns).toBeUndefined();
    for (const name of FUNCTION_NAMES) {
      for (const grant of deployedGrants(app.resources, app.functionNamed(name)))
        expect(grant).not.toMatch(/^[^ ]*\*/);
    }
  });
});

/** As IAM compares with StringLike. */
function matches(pattern: string, text: string): boolean {
  return new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(text);
}

describe('tables', () => {
  test.each(TABLE_NAMES)(
    'N11 %s is on demand, recoverable, protected, encrypted with KMS, and outlives its stack',
    (name) => {
      const table = app.one('AWS::DynamoDB::GlobalTable', { TableName: `assent-dev-${name}` });
      expect(table).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
      expect(table.Properties).toMatchObject({
        BillingMode: 'PAY_PER_REQUEST',
        SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
        Replicas: [
          {
            DeletionProtectionEnabled: true,
            PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
          },
        ],
      });
    },
  );

  test.each(TABLE_NAMES)('%s has the stream, time to live and sparse indexes of TABLES', (name) => {
    const { Properties } = app.one('AWS::DynamoDB::GlobalTable', { TableName: `assent-dev-${name}` });
    const { stream, ttl, indexes } = TABLES[name];
    expect(Properties.StreamSpecification).toEqual(
      stream ? { StreamViewType: 'NEW_AND_OLD_IMAGES' } : undefined,
    );
    expect(Properties.TimeToLiveSpecification).toEqual(
      ttl ? { AttributeName: 'expiresAt', Enabled: true } : undefined,
    );
    const expected = Object.entries(indexes).map(([IndexName, { pk, sk }]) => ({
      IndexName,
      KeySchema: [
        { AttributeName: pk, KeyType: 'HASH' },
        { AttributeName: sk, KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'KEYS_ONLY' },
    }));
    expect(Properties.GlobalSecondaryIndexes ?? []).toEqual(expected);
  });
});

describe('evidence', () => {
  test('H5 roots lie where nobody can delete or shorten them', () => {
    const bucket = app.withId('AWS::S3::Bucket', 'EvidenceRoots');
    expect(bucket).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect(bucket.Properties).toMatchObject({
      ObjectLockEnabled: true,
      ObjectLockConfiguration: {
        Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 3_653 } },
      },
      VersioningConfiguration: { Status: 'Enabled' },
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
    });
    for (const name of FUNCTION_NAMES) {
      const onRoots = deployedGrants(app.resources, app.functionNamed(name)).filter((one) =>
        one.endsWith(' on roots'),
      );
      expect(onRoots).toEqual(
        name === 'nightly' ? ['s3:PutObject on roots', 's3:PutObjectRetention on roots'] : [],
      );
    }
  });

  test('H4 the key signs with ES256 and outlives its stack', () => {
    const key = app.withId('AWS::KMS::Key', 'EvidenceKey');
    expect(key).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect(key.Properties).toMatchObject({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
  });
});

describe('streams', () => {
  test.each(STREAMS)('N5 the mapping of $table to $function leaves no setting to its default', (stream) => {
    const Filters = stream.filters.map((filter) => ({ Pattern: JSON.stringify(filter) }));
    const mapping = app.one('AWS::Lambda::EventSourceMapping', {
      FunctionName: { Ref: app.functionNamed(stream.function).id },
      FilterCriteria: { Filters },
    });
    expect(mapping.Properties).toMatchObject({
      StartingPosition: 'TRIM_HORIZON',
      BatchSize: stream.batchSize,
      MaximumBatchingWindowInSeconds: stream.maximumBatchingWindowSeconds,
      ParallelizationFactor: stream.parallelizationFactor,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: stream.maximumRetryAttempts,
      MaximumRecordAgeInSeconds: stream.maximumRecordAgeSeconds,
    });
    expect(JSON.stringify(mapping.Properties.EventSourceArn)).toContain(`FnGetAtt${stream.table}`);
    expect(JSON.stringify(mapping.Properties.DestinationConfig)).toContain(`${stream.function}failures`);
    expect(mapping.Properties).not.toHaveProperty('TumblingWindowInSeconds');
  });

  test.each(STREAMS)('N5 the failure queue of $function has the name that the replay asks for', (stream) => {
    const QueueName = `assent-dev-worker-${stream.function}-failures`;
    expect(app.one('AWS::SQS::Queue', { QueueName })).toBeDefined();
  });

  test('N4 no stream has more than two readers', () => {
    for (const table of TABLE_NAMES)
      expect(STREAMS.filter((stream) => stream.table === table).length).toBeLessThan(3);
  });

  test('N5 filters hold no numeric operators, which DynamoDB does not know', () => {
    for (const { filters } of STREAMS) expect(JSON.stringify(filters)).not.toContain('numeric');
  });
});

describe('cdk-nag', () => {
  test('finds nothing that is not acknowledged with a reason', () => {
    expect(app.findings).toEqual([]);
  });

  test('does find what is wrong', () => {
    const careless = newApp({});
    new Topic(new Stack(careless, 'Careless'), 'Topic');
    Validations.of(careless).addPlugins(new AwsSolutionsChecks(careless));
    expect(() => careless.synth()).toThrow();
  });
});
