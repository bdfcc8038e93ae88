import * as z from 'zod';

import { lawAt } from '../../shared/decision/law.ts';
import { isOpen, progressOf, STATES } from '../../shared/jobs/job.ts';
import type { Job } from '../../shared/jobs/job.ts';
import { readJobPage } from '../../shared/jobs/job-store.ts';
import type { DecidedTask } from '../../shared/jobs/judge.ts';
import { cancelJob, readOwnJob, requestJob } from '../../shared/jobs/request-job.ts';
import { requestScorePreview } from '../../shared/jobs/request-score-preview.ts';
import { scoreTally } from '../../shared/jobs/score-tally.ts';
import { tally } from '../../shared/jobs/tally.ts';
import { PREVIEWED_KINDS, audienceFilter, statusFilter } from '../../shared/jobs/task.ts';
import { accountClass } from '../../shared/settings/account-class.ts';
import { settingId } from '../../shared/settings/brand.ts';
import type { ApiDeps } from './deps.ts';
import { NONE, NOTHING, endpoint } from './endpoint.ts';
import type { Answer, Request } from './endpoint.ts';
import { readDocument } from './setting-document.ts';
import { changeBody } from './setting-shapes.ts';

const instant = z.iso.datetime({ precision: 3 });
const jobPath = z.strictObject({ id: z.string().regex(/^job_[0-9a-f]{32}$/) });
const accountPath = z.strictObject({ id: z.string().min(1).max(100) });
const previewPath = z.strictObject({ kind: z.enum(PREVIEWED_KINDS), id: settingId });
const resultsQuery = z.strictObject({ cursor: z.coerce.number().int().nonnegative().default(0) });

const jobView = z.object({
  id: z.string(),
  kind: z.string(),
  state: z.enum(STATES),
  createdAt: instant,
  /** Results are kept until then. */
  expiresAt: instant,
  /** `total` is an estimate until the job is done. */
  progress: z.object({ done: z.int(), total: z.int().optional() }),
  /** Contacts by what became of them, with some ids of each. */
  counts: z.array(tally),
  /** Of a preview of scoring rules: both scores are those of the instant `at`; `rules` is the version compared with. */
  scores: scoreTally.extend({ at: instant, rules: z.int() }).optional(),
  /** Contacts that could not be read. */
  failures: z.object({ count: z.int(), samples: z.array(z.string()) }),
  /** Ids in the results. */
  listed: z.int(),
  failure: z.string().optional(),
  /** Of a recalculation that left the rest to the one for newer rules. */
  superseded: z.literal(true).optional(),
});
const resultsAnswer = z.object({
  contactIds: z.array(z.string()),
  /** Absent on the last page of a job that is done. */
  cursor: z.string().optional(),
});
const accepted = { 202: { description: 'The job that was begun; Location leads to it', schema: jobView } };

/** Long work over all contacts: asked for here, done by the `jobs` function (ARCHITECTURE 2). */
export const jobEndpoints = [
  endpoint({
    method: 'POST',
    path: '/v1/audiences',
    scope: 'decisions:read',
    summary: 'Everybody who may be contacted for a use, and how many may not, by reason',
    params: NONE,
    query: NONE,
    body: audienceFilter,
    idempotent: true,
    answers: accepted,
    handle: (deps: ApiDeps, { body, ...request }) => begin(deps, request, { kind: 'audience', filter: body }),
  }),
  endpoint({
    method: 'POST',
    path: '/v1/contacts-by-status',
    scope: 'decisions:read',
    summary: 'Everybody whose permission for a use has a status',
    params: NONE,
    query: NONE,
    body: statusFilter,
    idempotent: true,
    answers: accepted,
    handle: (deps: ApiDeps, { body, ...request }) =>
      begin(deps, request, { kind: 'contacts-by-status', filter: body }),
  }),
  endpoint({
    method: 'POST',
    path: '/v1/settings/{kind}/{id}/preview',
    scope: 'decisions:read',
    summary: 'Who would win or lose what if a document were this one',
    params: previewPath,
    query: NONE,
    body: z.strictObject({ document: z.record(z.string(), z.unknown()) }),
    idempotent: true,
    answers: accepted,
    handle: (deps: ApiDeps, { params: { kind, id }, body: { document }, ...request }) =>
      begin(deps, request, {
        kind: 'settings-preview',
        setting: kind,
        id,
        document: readDocument(kind, document),
      }),
  }),
  endpoint({
    method: 'POST',
    path: '/v1/accounts/{id}/preview',
    scope: 'decisions:read',
    summary: 'Who would win or lose what if an account were of another class',
    params: accountPath,
    query: NONE,
    body: z.strictObject({ class: accountClass }),
    idempotent: true,
    answers: accepted,
    handle: (deps: ApiDeps, { params: { id }, body, ...request }) =>
      begin(deps, request, { kind: 'class-preview', account: id, class: body.class }),
  }),
  endpoint({
    method: 'POST',
    path: '/v1/scoring/preview',
    scope: 'decisions:read',
    summary:
      'Who would become an MQL or stop being one, and what would change for all scores, under other rules',
    description:
      'Refused like the same rules in a PUT. `scores` tells what changes, the results are the contacts that cross the threshold.',
    params: NONE,
    query: NONE,
    body: z.strictObject({
      document: z.record(z.string(), z.unknown()),
      acknowledge: changeBody.shape.acknowledge,
    }),
    idempotent: true,
    answers: accepted,
    handle: async (deps: ApiDeps, { body: { document, acknowledge }, caller, at }) => {
      const { controller, keyId } = caller;
      const draft = { document: readDocument('scoring', document), acknowledged: acknowledge };
      return begun(await requestScorePreview({ ...deps, law: lawAt(at) }, { controller, keyId, at }, draft));
    },
  }),
  endpoint({
    method: 'GET',
    path: '/v1/jobs/{id}',
    scope: 'decisions:read',
    summary: 'How far a job is, and what came out so far',
    params: jobPath,
    query: NONE,
    body: NOTHING,
    answers: { 200: { description: 'The job', schema: jobView } },
    handle: async ({ db }: ApiDeps, { params, caller, at }) => {
      const job = await readOwnJob(db, { controller: caller.controller, at }, params.id);
      return { status: 200, body: toView(job) };
    },
  }),
  endpoint({
    method: 'GET',
    path: '/v1/jobs/{id}/results',
    scope: 'decisions:read',
    summary: 'The contacts that a job found, page by page',
    params: jobPath,
    query: resultsQuery,
    body: NOTHING,
    answers: { 200: { description: 'A page of ids', schema: resultsAnswer } },
    handle: async ({ db }: ApiDeps, { params, query: { cursor }, caller, at }) => {
      const job = await readOwnJob(db, { controller: caller.controller, at }, params.id);
      const contactIds = cursor < job.pages ? await readJobPage(db, job.id, cursor) : [];
      const next = Math.min(cursor + 1, job.pages);
      const more = next < job.pages || isOpen(job);
      const body: z.infer<typeof resultsAnswer> = { contactIds, ...(more ? { cursor: String(next) } : {}) };
      return { status: 200, body };
    },
  }),
  endpoint({
    method: 'DELETE',
    path: '/v1/jobs/{id}',
    scope: 'decisions:read',
    summary: 'Ends a job and takes its results away',
    params: jobPath,
    query: NONE,
    body: NOTHING,
    answers: { 204: { description: 'It is gone' } },
    handle: async ({ db }: ApiDeps, { params, caller, at }) => {
      await cancelJob(db, { controller: caller.controller, at }, params.id);
      return { status: 204 };
    },
  }),
];

async function begin(deps: ApiDeps, { caller, at }: Request, task: DecidedTask): Promise<Answer> {
  const { controller, keyId } = caller;
  return begun(await requestJob(deps, { controller, keyId, at }, task));
}

function begun(job: Job): Answer {
  return { status: 202, body: toView(job), headers: { Location: `/v1/jobs/${job.id}` } };
}

function toView(job: Job): z.infer<typeof jobView> {
  const { id, task, state, createdAt, expiresAt, tallies, scores, failures, listed, failure, superseded } =
    job;
  return {
    ...{ id, kind: task.kind, state, createdAt, expiresAt, progress: progressOf(job) },
    counts: tallies,
    ...(scores && task.kind === 'scoring-preview'
      ? { scores: { ...scores, at: createdAt, rules: task.against } }
      : {}),
    ...{ failures, listed },
    ...(failure === undefined ? {} : { failure }),
    ...(superseded ? { superseded } : {}),
  };
}
