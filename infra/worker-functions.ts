import type { FunctionShape } from './function-shape.ts';
import { CHAINS, JOBS } from './partitions.ts';
import { keys } from '../shared/platform/keys.ts';

/** Functions behind streams, queues and schedules: what each may touch. */
export const WORKER_FUNCTIONS = {
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
      ledger: ['PutItem', 'GetItem', 'Query'],
    },
    readsFrom: { ledger: CHAINS },
    secrets: ['link-keys', 'evidence-master'],
    sendsMail: true,
    timeoutSeconds: 60,
    memoryMb: 1024,
    errorImpact: 'Confirmation mails are late; nobody can complete a sign-up.',
  },
  clock: {
    tables: {
      config: ['GetItem', 'Query'],
      outbox: ['Query', 'GetItem', 'UpdateItem', 'DeleteItem'],
      contacts: ['Query', 'GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'],
      ledger: ['PutItem', 'Query'],
      engagement: ['Query', 'DeleteItem'],
    },
    secrets: ['pepper', 'evidence-master'],
    timeoutSeconds: 55,
    memoryMb: 512,
    errorImpact: 'Retries, expiry, lapses and the deletion of personal data are late.',
  },
  jobs: {
    tables: {
      config: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'DeleteItem'],
      contacts: ['GetItem', 'BatchGetItem', 'Scan'],
    },
    writesTo: { config: JOBS },
    secrets: [],
    timeoutSeconds: 58,
    memoryMb: 1024,
    errorImpact: 'Audiences, previews and lists of contacts are late.',
  },
  nightly: {
    // The first root begins when the ledger was created. What it writes is never evidence itself.
    tables: {
      contacts: ['GetItem'],
      ledger: ['DescribeTable', 'GetItem', 'BatchGetItem', 'Query', 'PutItem'],
    },
    writesTo: { ledger: [keys.root(1).pk, keys.keptRoot(1).pk, 'ROOT#*', keys.signingKey('').pk] },
    secrets: [],
    signs: true,
    keepsRoots: true,
    timeoutSeconds: 900,
    memoryMb: 1024,
    errorImpact: 'The evidence of a day is not signed, and altered evidence stays unnoticed.',
  },
} as const satisfies Record<string, FunctionShape>;
