import type { FunctionShape } from './function-shape.ts';
import { CHAINS, GUARDS, JOBS, REPUTATION, SCANS } from './partitions.ts';
import { keys } from '../shared/platform/keys.ts';

/** Functions behind streams, queues and schedules: what each may touch. */
export const WORKER_FUNCTIONS = {
  'ses-events': {
    tables: {
      config: ['GetItem'],
      outbox: ['GetItem', 'UpdateItem'],
      // A complaint ends what waits for a named person's yes.
      contacts: ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'],
      ledger: ['PutItem'],
      engagement: ['GetItem', 'Query', 'PutItem', 'UpdateItem'],
    },
    // What was sent it only reads, and of contacts' history and scores nothing.
    readsFrom: { engagement: [...GUARDS, ...REPUTATION, ...SCANS, keys.send('*').pk] },
    writesTo: { engagement: [...GUARDS, ...REPUTATION, ...SCANS, keys.event('*', '', '', '').pk] },
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
  score: {
    tables: {
      config: ['GetItem'],
      contacts: ['GetItem', 'UpdateItem'],
      engagement: ['GetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'],
    },
    secrets: [],
    timeoutSeconds: 60,
    memoryMb: 1024,
    errorImpact: 'Scores are late: ripe contacts wait, and who asked not to be profiled may still be.',
  },
  clock: {
    tables: {
      config: ['GetItem', 'Query'],
      outbox: ['Query', 'GetItem', 'UpdateItem', 'DeleteItem'],
      contacts: ['Query', 'GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'],
      ledger: ['PutItem', 'Query'],
      engagement: ['Query', 'UpdateItem', 'DeleteItem'],
    },
    secrets: ['pepper', 'evidence-master'],
    timeoutSeconds: 55,
    memoryMb: 512,
    errorImpact: 'Retries, expiry, lapses and the deletion of personal data are late.',
  },
  jobs: {
    tables: {
      config: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'DeleteItem'],
      contacts: ['GetItem', 'BatchGetItem', 'Scan', 'UpdateItem'],
      engagement: ['GetItem', 'Query', 'PutItem', 'DeleteItem'],
    },
    readsFrom: { engagement: [...GUARDS, keys.score('*').pk] },
    // Other rules are other scores, and with them the contact frequency.
    writesTo: {
      config: JOBS,
      contacts: [keys.contact('*').pk],
      engagement: [keys.score('*').pk, keys.scored('*', '').pk, keys.send('*').pk],
    },
    secrets: [],
    timeoutSeconds: 58,
    memoryMb: 1024,
    errorImpact: 'Audiences, previews, lists of contacts and scores under new rules are late.',
  },
  nightly: {
    // The first root begins when the ledger was created. A complaint that nobody told us of is a withdrawal, with its proof.
    tables: {
      config: ['GetItem', 'Query'],
      contacts: ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'],
      ledger: ['DescribeTable', 'GetItem', 'BatchGetItem', 'Query', 'PutItem'],
    },
    writesTo: {
      contacts: [
        keys.contact('*').pk,
        keys.address('*', '*').pk,
        keys.review('*', '').pk,
        keys.suppressionList().pk,
      ],
      ledger: [keys.root(1).pk, keys.keptRoot(1).pk, 'ROOT#*', keys.signingKey('').pk, ...CHAINS],
    },
    secrets: ['pepper', 'evidence-master'],
    readsSuppressionList: true,
    signs: true,
    keepsRoots: true,
    timeoutSeconds: 900,
    memoryMb: 1024,
    errorImpact:
      'The evidence of a day is not signed, altered evidence and bounces that were not reported stay unnoticed.',
  },
} as const satisfies Record<string, FunctionShape>;
