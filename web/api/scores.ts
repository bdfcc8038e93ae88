import * as z from 'zod';

import { findContact } from '../../shared/contacts/find-contact.ts';
import { DAY, plus } from '../../shared/platform/clock.ts';
import type { Instant } from '../../shared/platform/clock.ts';
import { AppError } from '../../shared/platform/errors.ts';
import { explainScore } from '../../shared/scoring/explain.ts';
import type { ApiDeps } from './deps.ts';
import { NOTHING, endpoint } from './endpoint.ts';
import { scoreAnswer, viewScore } from './score-shapes.ts';

const byId = z.strictObject({ id: z.string().max(100) });
/** A day stands for its end: everything of it counts. */
const when = z.union([
  z.iso.datetime({ precision: 3 }),
  z.iso.date().transform((day): Instant => `${day}T23:59:59.999Z`),
]);
const scoreQuery = z.strictObject({
  at: when.optional().describe('An instant, or a day: its last millisecond. The present unless told.'),
});
const FURTHEST_DAYS = 400;

/** Scores, with all that they are made of. */
export const scoreEndpoints = [
  endpoint({
    method: 'GET',
    path: '/v1/contacts/{id}/score',
    scope: 'contacts:read',
    summary: 'The score of a contact at an instant, and everything that it is made of',
    description:
      'Past interest is that of the rules in force then, the potential always that of today’s profile. Without the permission `profiling` there is no score, of no instant.',
    params: byId,
    query: scoreQuery,
    body: NOTHING,
    answers: { 200: { description: 'The score, or that there is none', schema: scoreAnswer } },
    handle: async (deps: ApiDeps, { params, query, caller, at: now }) => {
      const at = query.at ?? now;
      refuseFar(at, now);
      const contact = await findContact(deps.db, caller.controller, params.id);
      return { status: 200, body: viewScore(await explainScore(deps, contact, { at, now })) };
    },
  }),
];

/** Events are kept for 13 months, and what decays is next to nothing after as long. */
function refuseFar(at: Instant, now: Instant): void {
  if (at >= plus(now, -FURTHEST_DAYS * DAY) && at <= plus(now, FURTHEST_DAYS * DAY)) return;
  throw new AppError('invalid', 'a score is told for 400 days back and ahead', {
    errors: [{ pointer: '/at', detail: `More than ${FURTHEST_DAYS} days away.`, code: 'too-far' }],
  });
}
