import type * as z from 'zod';

import { receiveEvents } from '../../shared/engagement/receive-events.ts';
import { AppError } from '../../shared/platform/errors.ts';
import { log } from '../../shared/platform/log.ts';
import type { ApiDeps } from './deps.ts';
import { NONE, endpoint } from './endpoint.ts';
import { engagementAnswer, engagementQuery } from './engagement-shapes.ts';
import { CLOUD_BODIES, eventsBody, ofSource, toInputErrors } from './read-events.ts';
import { whoSigned } from './who-signed.ts';

/** What other systems saw people do. */
export const engagementEndpoints = [
  endpoint({
    method: 'POST',
    path: '/v1/engagements',
    scope: 'engagement:write',
    summary: 'Tell what contacts did: one event, or up to 500',
    description:
      'Each event is taken or refused for itself; what is accepted is stored for good, and the same event again changes nothing. By API key, or signed by Standard Webhooks with `?source=`.',
    params: NONE,
    query: engagementQuery,
    body: eventsBody,
    bodies: CLOUD_BODIES,
    large: true,
    signed: whoSigned,
    answers: {
      202: { description: 'How many were taken, and which were not', schema: engagementAnswer },
    },
    handle: async (deps: ApiDeps, { body: posted, query, caller, at }) => {
      const told = posted.map((each) => ofSource(each, query.source));
      const events = told.flatMap((each) => (Array.isArray(each) ? [] : [each]));
      const { controller, actor } = caller;
      const judged = (await receiveEvents(deps, { controller, actor, at }, events)).values();
      const refused = posted.flatMap((each, index) => {
        const read = told[index] ?? [];
        const errors = Array.isArray(read) ? read : toInputErrors(each, judged.next().value ?? []);
        return errors.length > 0 ? [{ index, id: each.id, errors }] : [];
      });
      if (refused.length > 0) {
        const codes = [...new Set(refused.flatMap(({ errors }) => errors.map(({ code }) => code)))];
        log('info', 'engagement-refused', { key: caller.keyId, events: refused.length, codes });
      }
      const accepted = posted.length - refused.length;
      if (accepted === 0 && refused.length > 0)
        throw new AppError('invalid', 'No event was taken.', {
          errors: refused.flatMap(({ errors }) => errors),
        });
      return { status: 202, body: { accepted, refused } satisfies z.infer<typeof engagementAnswer> };
    },
  }),
];
