import type { TableName } from '../shared/platform/keys.ts';
import type { SecretName } from '../shared/platform/secrets.ts';

/**
 * What runs, what wakes it and what it may touch: one table, read by the CDK stacks, by the local system and by
 * the tests. Paths, filters and limits exist nowhere else.
 */

export type FunctionName = 'signup' | 'confirm' | 'unsubscribe' | 'ses-events' | 'publish' | 'mail' | 'clock';

/** DynamoDB actions of a function on a table, without the `dynamodb:` prefix. */
type TableAccess = Partial<Record<TableName, readonly TableAction[]>>;
type TableAction = 'GetItem' | 'Query' | 'PutItem' | 'UpdateItem' | 'DeleteItem';

export type FunctionShape = {
  tables: TableAccess;
  secrets: readonly SecretName[];
  /** May call SES SendEmail with our identity and configuration set. */
  sendsMail?: true;
  timeoutSeconds: number;
  memoryMb: number;
  /** What a failure of this function means for people; stands in its alarm. */
  errorImpact: string;
};

export const FUNCTIONS = {
  signup: {
    tables: { config: ['GetItem'], outbox: ['UpdateItem'] },
    secrets: ['pepper', 'link-keys'],
    timeoutSeconds: 10,
    memoryMb: 1024,
    errorImpact: 'Visitors cannot sign up.',
  },
  confirm: {
    tables: {
      config: ['GetItem'],
      outbox: ['GetItem', 'UpdateItem'],
      contacts: ['GetItem', 'PutItem', 'UpdateItem'],
      ledger: ['PutItem'],
    },
    secrets: ['link-keys', 'evidence-master'],
    timeoutSeconds: 10,
    memoryMb: 1024,
    errorImpact: 'People who click the link in their confirmation mail cannot confirm.',
  },
  unsubscribe: {
    tables: { config: ['GetItem'], contacts: ['GetItem', 'UpdateItem'], ledger: ['PutItem', 'GetItem'] },
    secrets: ['link-keys', 'evidence-master'],
    timeoutSeconds: 10,
    memoryMb: 1024,
    errorImpact: 'People cannot unsubscribe; every mail sent meanwhile may be unlawful.',
  },
  'ses-events': {
    tables: {
      config: ['GetItem'],
      outbox: ['GetItem', 'UpdateItem'],
      contacts: ['GetItem', 'UpdateItem'],
      ledger: ['PutItem'],
    },
    secrets: ['pepper', 'evidence-master'],
    timeoutSeconds: 30,
    memoryMb: 512,
    errorImpact: 'Bounces and complaints are not recorded; people who complained may get mail.',
  },
  publish: {
    tables: { config: ['GetItem'], contacts: ['GetItem'], outbox: ['PutItem'] },
    secrets: [],
    timeoutSeconds: 30,
    memoryMb: 512,
    errorImpact: 'Welcome mails and unsubscribe receipts are late.',
  },
  mail: {
    tables: {
      config: ['GetItem'],
      outbox: ['GetItem', 'PutItem', 'UpdateItem'],
      contacts: ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'],
      ledger: ['PutItem', 'GetItem'],
    },
    secrets: ['link-keys', 'evidence-master'],
    sendsMail: true,
    timeoutSeconds: 60,
    memoryMb: 1024,
    errorImpact: 'Confirmation mails are late; nobody can complete a sign-up.',
  },
  clock: {
    tables: { outbox: ['Query', 'UpdateItem'] },
    secrets: [],
    timeoutSeconds: 55,
    memoryMb: 512,
    errorImpact: 'Retries, expiry and deletion of personal data are late.',
  },
} as const satisfies Record<FunctionName, FunctionShape>;

/** Paths of the HTTP API, in its own spelling; every method goes to the function. `$default` answers all else. */
export const ROUTES = [
  { path: '$default', function: 'signup', ratePerSecond: 100, burst: 200 },
  { path: '/forms/{proxy+}', function: 'signup', ratePerSecond: 500, burst: 1000 },
  { path: '/assets/{proxy+}', function: 'signup', ratePerSecond: 500, burst: 1000 },
  { path: '/embed.js', function: 'signup', ratePerSecond: 500, burst: 1000 },
  { path: '/confirm/{proxy+}', function: 'confirm', ratePerSecond: 500, burst: 1000 },
  { path: '/unsubscribe/{proxy+}', function: 'unsubscribe', ratePerSecond: 1000, burst: 2000 },
  { path: '/undo/{proxy+}', function: 'unsubscribe', ratePerSecond: 500, burst: 1000 },
] as const satisfies readonly {
  path: string;
  function: FunctionName;
  ratePerSecond: number;
  burst: number;
}[];

/** Event source mappings of table streams with every setting of N5. */
export const STREAMS = [
  {
    function: 'mail',
    table: 'outbox',
    /** `todo` is set by whoever wants mail's attention and removed by its first write: it never wakes itself. */
    filter: { eventName: ['INSERT', 'MODIFY'], dynamodb: { NewImage: { todo: { S: ['mail'] } } } },
    batchSize: 25,
    maximumBatchingWindowSeconds: 0,
    parallelizationFactor: 10,
    maximumRetryAttempts: 5,
    maximumRecordAgeSeconds: 3600,
  },
  {
    function: 'publish',
    table: 'ledger',
    filter: { eventName: ['INSERT'] },
    batchSize: 50,
    maximumBatchingWindowSeconds: 0,
    parallelizationFactor: 2,
    maximumRetryAttempts: 10,
    maximumRecordAgeSeconds: 86_400,
  },
] as const satisfies readonly {
  function: FunctionName;
  table: TableName;
  filter: object;
  batchSize: number;
  maximumBatchingWindowSeconds: number;
  parallelizationFactor: number;
  maximumRetryAttempts: number;
  maximumRecordAgeSeconds: number;
}[];

/** The queue between SNS and `ses-events`. */
export const SES_QUEUE = {
  function: 'ses-events',
  batchSize: 10,
  maximumReceives: 5,
  visibilitySeconds: 180,
} as const;

/** Run each minute. */
export const SCHEDULES = [{ function: 'clock', everyMinutes: 1 }] as const;
