import type { TableName } from '../../shared/platform/keys.ts';

export const TABLE_NAMES = [
  'contacts',
  'ledger',
  'engagement',
  'outbox',
  'config',
] as const satisfies TableName[];

/** The deployed name of a table: the same for the stack that makes it and for the commands that use it. */
export function deployedTableName(stage: string, table: TableName): string {
  return `assent-${stage}-${table}`;
}
