import type { TableName } from '../shared/platform/keys.ts';
import type { SecretName } from '../shared/platform/secrets.ts';

/** DynamoDB actions of a function on a table, without the `dynamodb:` prefix. */
type TableAccess = Partial<Record<TableName, readonly TableAction[]>>;
type TableAction =
  | 'DescribeTable'
  | 'GetItem'
  | 'BatchGetItem'
  | 'Query'
  | 'Scan'
  | 'ConditionCheckItem'
  | 'PutItem'
  | 'UpdateItem'
  | 'DeleteItem';

/** What a function may touch, and what it is given. */
export type FunctionShape = {
  tables: TableAccess;
  /** Partitions that its writes are held to (`*` is any text), in a table where the others are none of its business. */
  writesTo?: Partial<Record<TableName, readonly string[]>>;
  /** The same of its reads. */
  readsFrom?: Partial<Record<TableName, readonly string[]>>;
  secrets: readonly SecretName[];
  /** May call SES SendEmail with our identity and configuration set. */
  sendsMail?: true;
  /** May read the account's suppression list at SES. */
  readsSuppressionList?: true;
  /** May sign with the evidence key … */
  signs?: true;
  /** … and keep what is signed out of our own reach. */
  keepsRoots?: true;
  timeoutSeconds: number;
  memoryMb: number;
  /** What a failure of this function means for people; stands in its alarm. */
  errorImpact: string;
};
