import type { FunctionShape } from './function-shape.ts';
import { CHAINS, GUARDS, JOBS, REPUTATION } from './partitions.ts';
import { keys } from '../shared/platform/keys.ts';

/** Functions behind the HTTP API: what each may touch. */
export const HTTP_FUNCTIONS = {
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
    tables: {
      config: ['GetItem'],
      // Who waits for a yes of ours and leaves is taken off the list.
      contacts: ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'],
      ledger: ['PutItem', 'GetItem', 'Query'],
    },
    readsFrom: { ledger: CHAINS },
    secrets: ['link-keys', 'evidence-master'],
    timeoutSeconds: 10,
    memoryMb: 1024,
    errorImpact: 'People cannot unsubscribe; every mail sent meanwhile may be unlawful.',
  },
  preferences: {
    // Opened by a link that never expires: it reaches choices and nothing that we hold about a person.
    tables: {
      config: ['GetItem'],
      contacts: ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'],
      ledger: ['PutItem', 'GetItem', 'Query'],
      outbox: ['GetItem', 'UpdateItem'],
      engagement: ['Query'],
    },
    // How much is sent, never to whom.
    readsFrom: { engagement: [keys.volume('*', '', '', '').pk], ledger: CHAINS },
    secrets: ['pepper', 'link-keys', 'evidence-master'],
    timeoutSeconds: 10,
    memoryMb: 1024,
    errorImpact: 'People cannot change what they get, how often, or whether they are measured.',
  },
  'log-in': {
    tables: {
      config: ['GetItem', 'Query'],
      contacts: ['GetItem'],
      outbox: ['GetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'],
    },
    secrets: ['pepper', 'link-keys'],
    timeoutSeconds: 10,
    memoryMb: 1024,
    errorImpact: 'People cannot log in to see, correct or erase their data.',
  },
  profile: {
    tables: {
      config: ['GetItem'],
      contacts: ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'],
      ledger: ['PutItem'],
      outbox: ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'],
    },
    secrets: ['pepper', 'link-keys', 'evidence-master'],
    timeoutSeconds: 10,
    memoryMb: 1024,
    errorImpact: 'People cannot see or correct their data.',
  },
  history: {
    tables: {
      config: ['GetItem'],
      contacts: ['GetItem'],
      ledger: ['GetItem', 'Query'],
      engagement: ['Query'],
      outbox: ['GetItem', 'UpdateItem'],
    },
    secrets: ['link-keys', 'evidence-master'],
    timeoutSeconds: 28,
    memoryMb: 1024,
    errorImpact: 'People cannot see what we sent them and why.',
  },
  interests: {
    tables: {
      config: ['GetItem'],
      contacts: ['GetItem'],
      engagement: ['GetItem', 'Query'],
      outbox: ['GetItem', 'UpdateItem'],
    },
    readsFrom: { engagement: [keys.score('*').pk] },
    secrets: ['link-keys'],
    timeoutSeconds: 28,
    memoryMb: 1024,
    errorImpact: 'People cannot see how their score comes about, which the law gives them a right to.',
  },
  rights: {
    tables: {
      config: ['GetItem', 'Query'],
      contacts: ['GetItem', 'Query', 'ConditionCheckItem', 'PutItem', 'UpdateItem', 'DeleteItem'],
      ledger: ['PutItem'],
      outbox: ['GetItem', 'UpdateItem'],
    },
    secrets: ['link-keys', 'evidence-master'],
    timeoutSeconds: 28,
    memoryMb: 1024,
    errorImpact: 'People cannot object, restrict the use of their data or ask us; the law gives us a month.',
  },
  export: {
    tables: {
      config: ['GetItem', 'Query'],
      contacts: ['GetItem', 'Query'],
      ledger: ['Query'],
      engagement: ['GetItem', 'Query'],
      outbox: ['GetItem', 'Query', 'UpdateItem'],
    },
    secrets: ['link-keys', 'evidence-master'],
    timeoutSeconds: 28,
    memoryMb: 1024,
    errorImpact: 'People cannot take their data with them; the law gives us a month.',
  },
  erase: {
    tables: {
      config: ['GetItem', 'Query'],
      contacts: ['GetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'],
      ledger: ['PutItem', 'Query'],
      engagement: ['Query', 'DeleteItem'],
      outbox: ['GetItem', 'Query', 'UpdateItem', 'DeleteItem'],
    },
    secrets: ['pepper', 'link-keys', 'evidence-master'],
    timeoutSeconds: 28,
    memoryMb: 1024,
    errorImpact: 'People cannot be forgotten; the law gives us a month.',
  },
  api: {
    tables: {
      config: ['GetItem', 'Query'],
      contacts: [
        'GetItem',
        'BatchGetItem',
        'Query',
        'ConditionCheckItem',
        'PutItem',
        'UpdateItem',
        'DeleteItem',
      ],
      ledger: ['GetItem', 'Query', 'PutItem'],
      engagement: ['Query', 'DeleteItem'],
      outbox: ['GetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'],
    },
    secrets: ['pepper', 'evidence-master'],
    timeoutSeconds: 28,
    memoryMb: 1024,
    errorImpact: 'Other systems cannot record contacts, blocks and withdrawals; mail may go to who said no.',
  },
  decisions: {
    tables: {
      config: ['GetItem'],
      contacts: ['GetItem', 'BatchGetItem', 'UpdateItem'],
      ledger: ['GetItem', 'Query'],
      engagement: ['GetItem', 'Query', 'PutItem'],
      outbox: ['GetItem', 'PutItem', 'UpdateItem'],
    },
    secrets: ['pepper', 'link-keys'],
    timeoutSeconds: 28,
    memoryMb: 1024,
    errorImpact: 'Other systems are not told whom they may contact: nothing can be sent.',
  },
  settings: {
    // The one function of the API that may write where keys, settings and jobs are; keys it cannot.
    tables: {
      config: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem'],
      contacts: ['GetItem', 'Query', 'UpdateItem'],
      engagement: ['GetItem', 'Query', 'UpdateItem'],
      outbox: ['GetItem', 'PutItem', 'UpdateItem'],
    },
    readsFrom: { engagement: [...GUARDS, ...REPUTATION] },
    writesTo: {
      contacts: [keys.request('*', '', '').pk],
      engagement: GUARDS,
      config: [
        keys.setting('*', '*').pk,
        keys.settingOf('*', '', '').pk,
        keys.wording('*').pk,
        keys.source('*').pk,
        keys.sources('*', '').pk,
        ...JOBS,
      ],
    },
    // A source is told its secret when it is registered.
    secrets: ['webhook-master'],
    timeoutSeconds: 28,
    memoryMb: 1024,
    errorImpact:
      'Settings cannot be changed, stopped mail not be released, and people who asked us get no answer.',
  },
  'job-requests': {
    tables: {
      config: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem'],
      contacts: ['GetItem'],
      engagement: ['GetItem'],
      outbox: ['GetItem', 'PutItem', 'UpdateItem'],
    },
    readsFrom: { engagement: GUARDS },
    writesTo: { config: [keys.jobSlot('*', 0).pk, ...JOBS] },
    secrets: [],
    timeoutSeconds: 28,
    memoryMb: 1024,
    errorImpact: 'Nobody can ask for audiences and previews, or see how far they are.',
  },
  engagement: {
    tables: {
      config: ['GetItem'],
      // Who asks to be contacted becomes known, with proof of where from.
      contacts: ['GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem'],
      ledger: ['PutItem'],
      engagement: ['PutItem'],
      outbox: ['UpdateItem'],
    },
    writesTo: { engagement: [keys.event('*', '', '', '').pk] },
    secrets: ['pepper', 'evidence-master', 'webhook-master'],
    timeoutSeconds: 28,
    memoryMb: 1024,
    errorImpact:
      'What people do elsewhere is not taken in: scores and contact requests wait until it is sent again.',
  },
  scores: {
    tables: {
      config: ['GetItem', 'BatchGetItem'],
      contacts: ['GetItem'],
      engagement: ['GetItem', 'Query'],
      outbox: ['UpdateItem'],
    },
    readsFrom: { engagement: [keys.score('*').pk] },
    secrets: [],
    timeoutSeconds: 28,
    memoryMb: 1024,
    errorImpact: 'Nobody can see why a contact is ripe for sales, or be told how a score comes about.',
  },
  evidence: {
    tables: {
      config: ['GetItem', 'Query'],
      contacts: ['GetItem'],
      // The published keys are the one thing it adds.
      ledger: ['GetItem', 'Query', 'PutItem'],
      engagement: ['Query'],
      outbox: ['GetItem', 'PutItem', 'UpdateItem'],
    },
    secrets: ['pepper', 'link-keys', 'evidence-master'],
    signs: true,
    timeoutSeconds: 28,
    memoryMb: 1024,
    errorImpact: 'Nobody can be shown the proof of a consent.',
  },
} as const satisfies Record<string, FunctionShape>;
