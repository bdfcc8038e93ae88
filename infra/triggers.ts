import { keys } from '../shared/platform/keys.ts';
import type { TableName } from '../shared/platform/keys.ts';
import type { FunctionName } from './functions.ts';

/** Paths of the HTTP API, in its own spelling; every method goes to the function. `$default` answers all else. */
export const ROUTES = [
  { path: '$default', function: 'signup', ratePerSecond: 100, burst: 200 },
  { path: '/forms/{proxy+}', function: 'signup', ratePerSecond: 500, burst: 1000 },
  { path: '/assets/{proxy+}', function: 'signup', ratePerSecond: 500, burst: 1000 },
  { path: '/embed.js', function: 'signup', ratePerSecond: 500, burst: 1000 },
  { path: '/confirm/{proxy+}', function: 'confirm', ratePerSecond: 500, burst: 1000 },
  { path: '/unsubscribe/{proxy+}', function: 'unsubscribe', ratePerSecond: 1000, burst: 2000 },
  { path: '/undo/{proxy+}', function: 'unsubscribe', ratePerSecond: 500, burst: 1000 },
  { path: '/preferences', function: 'log-in', ratePerSecond: 100, burst: 200 },
  { path: '/preferences/{proxy+}', function: 'preferences', ratePerSecond: 500, burst: 1000 },
  { path: '/log-in/{proxy+}', function: 'log-in', ratePerSecond: 100, burst: 200 },
  { path: '/sessions', function: 'log-in', ratePerSecond: 100, burst: 200 },
  { path: '/sessions/{proxy+}', function: 'log-in', ratePerSecond: 100, burst: 200 },
  { path: '/profile', function: 'profile', ratePerSecond: 100, burst: 200 },
  { path: '/profile/{proxy+}', function: 'profile', ratePerSecond: 100, burst: 200 },
  { path: '/address/{proxy+}', function: 'profile', ratePerSecond: 100, burst: 200 },
  { path: '/history', function: 'history', ratePerSecond: 50, burst: 100 },
  { path: '/history/{proxy+}', function: 'history', ratePerSecond: 50, burst: 100 },
  { path: '/interests', function: 'interests', ratePerSecond: 50, burst: 100 },
  { path: '/rights', function: 'rights', ratePerSecond: 50, burst: 100 },
  { path: '/rights/{proxy+}', function: 'rights', ratePerSecond: 50, burst: 100 },
  { path: '/rights/export.json', function: 'export', ratePerSecond: 50, burst: 100 },
  { path: '/rights/export.csv', function: 'export', ratePerSecond: 50, burst: 100 },
  { path: '/rights/erase', function: 'erase', ratePerSecond: 50, burst: 100 },
  { path: '/v1/{proxy+}', function: 'api', ratePerSecond: 500, burst: 1000 },
  { path: '/v1/decisions', function: 'decisions', ratePerSecond: 500, burst: 1000 },
  { path: '/v1/links', function: 'decisions', ratePerSecond: 500, burst: 1000 },
  { path: '/v1/reservations/{proxy+}', function: 'decisions', ratePerSecond: 500, burst: 1000 },
  { path: '/v1/contacts/{id}/promotions', function: 'decisions', ratePerSecond: 500, burst: 1000 },
  { path: '/v1/settings/{proxy+}', function: 'settings', ratePerSecond: 100, burst: 200 },
  { path: '/v1/settings/{kind}/{id}/preview', function: 'job-requests', ratePerSecond: 100, burst: 200 },
  { path: '/v1/audiences', function: 'job-requests', ratePerSecond: 100, burst: 200 },
  { path: '/v1/contacts-by-status', function: 'job-requests', ratePerSecond: 100, burst: 200 },
  { path: '/v1/accounts/{id}/preview', function: 'job-requests', ratePerSecond: 100, burst: 200 },
  { path: '/v1/scoring/preview', function: 'job-requests', ratePerSecond: 100, burst: 200 },
  { path: '/v1/jobs/{proxy+}', function: 'job-requests', ratePerSecond: 100, burst: 200 },
  { path: '/v1/requests', function: 'settings', ratePerSecond: 100, burst: 200 },
  { path: '/v1/requests/{proxy+}', function: 'settings', ratePerSecond: 100, burst: 200 },
  { path: '/v1/engagement-sources', function: 'settings', ratePerSecond: 100, burst: 200 },
  { path: '/v1/engagement-sources/{proxy+}', function: 'settings', ratePerSecond: 100, burst: 200 },
  { path: '/v1/engagements', function: 'engagement', ratePerSecond: 500, burst: 1000 },
  { path: '/v1/sending-guard', function: 'settings', ratePerSecond: 100, burst: 200 },
  { path: '/v1/sending-guard/{proxy+}', function: 'settings', ratePerSecond: 100, burst: 200 },
  { path: '/v1/contacts/{id}/score', function: 'scores', ratePerSecond: 100, burst: 200 },
  { path: '/v1/contacts/{id}/evidence', function: 'evidence', ratePerSecond: 100, burst: 200 },
  { path: '/v1/contacts/{id}/evidence.html', function: 'evidence', ratePerSecond: 100, burst: 200 },
  { path: '/v1/contacts/{id}/evidence.27560.json', function: 'evidence', ratePerSecond: 100, burst: 200 },
  { path: '/v1/contacts/{id}/receipt.html', function: 'evidence', ratePerSecond: 100, burst: 200 },
  { path: '/v1/contacts/{id}/receipt.json', function: 'evidence', ratePerSecond: 100, burst: 200 },
  { path: '/v1/contacts/{id}/receipt.jws', function: 'evidence', ratePerSecond: 100, burst: 200 },
  { path: '/.well-known/jwks.json', function: 'evidence', ratePerSecond: 100, burst: 200 },
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
    filters: [{ eventName: ['INSERT', 'MODIFY'], dynamodb: { NewImage: { todo: { S: ['mail'] } } } }],
    batchSize: 25,
    maximumBatchingWindowSeconds: 0,
    parallelizationFactor: 10,
    maximumRetryAttempts: 5,
    maximumRecordAgeSeconds: 3600,
  },
  {
    function: 'publish',
    table: 'ledger',
    /** Evidence of contacts alone: the ledger holds roots and a journal too. */
    filters: [{ eventName: ['INSERT'], dynamodb: { Keys: { pk: { S: [{ prefix: 'C#' }] } } } }],
    batchSize: 50,
    maximumBatchingWindowSeconds: 0,
    parallelizationFactor: 2,
    maximumRetryAttempts: 10,
    maximumRecordAgeSeconds: 86_400,
  },
  {
    function: 'score',
    table: 'contacts',
    /** Profiles, permissions and companies; pointers, reviews and what is left of erased people have no score. */
    filters: [{ dynamodb: { Keys: { sk: { S: ['CONTACT', 'ACCOUNT'] } } } }],
    batchSize: 100,
    maximumBatchingWindowSeconds: 0,
    parallelizationFactor: 4,
    maximumRetryAttempts: 10,
    maximumRecordAgeSeconds: 86_400,
  },
  {
    function: 'score',
    table: 'engagement',
    /** Events, and scores that are due; its own writes take `wokenAt` away, so it never wakes itself. */
    filters: [
      { eventName: ['INSERT', 'MODIFY'], dynamodb: { Keys: { sk: { S: [{ prefix: 'EVT#' }] } } } },
      {
        eventName: ['MODIFY'],
        dynamodb: {
          Keys: { sk: { S: [keys.score('').sk] } },
          NewImage: { wokenAt: { S: [{ exists: true }] } },
        },
      },
    ],
    batchSize: 100,
    maximumBatchingWindowSeconds: 0,
    parallelizationFactor: 10,
    maximumRetryAttempts: 10,
    maximumRecordAgeSeconds: 86_400,
  },
] as const satisfies readonly {
  function: FunctionName;
  table: TableName;
  /** One of them must fit. */
  filters: readonly object[];
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

/** Where the next run is a minute away, one that failed or came too late is not made up for: the next does all. */
const EACH_MINUTE = { everyMinutes: 1, retries: 0, patienceMinutes: 1, silence: { minutes: 5, times: 1 } };

/**
 * Run again and again. A night is made up for, within `patienceMinutes`. What has not gone well for `times` periods
 * of so many `minutes` rings: a day and a quarter for `nightly`, which never starts at the very same minute.
 */
export const SCHEDULES = [
  { function: 'clock', ...EACH_MINUTE },
  { function: 'jobs', ...EACH_MINUTE },
  {
    function: 'nightly',
    everyMinutes: 24 * 60,
    retries: 2,
    patienceMinutes: 6 * 60,
    silence: { minutes: 6 * 60, times: 5 },
  },
] as const;
