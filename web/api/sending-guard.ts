import * as z from 'zod';

import { guardItem, rates } from '../../shared/decision/guard.ts';
import { listGuarded, releaseSending } from '../../shared/engagement/sending-guard.ts';
import { AppError } from '../../shared/platform/errors.ts';
import { settingId } from '../../shared/settings/brand.ts';
import { readOwnSettings } from '../../shared/settings/own-settings.ts';
import type { ApiDeps } from './deps.ts';
import { NONE, NOTHING, endpoint } from './endpoint.ts';

const guardedView = guardItem.omit({ warnedOn: true }).extend({
  brand: settingId,
  use: settingId,
  today: rates.describe('Of the mail sent today (UTC); what was sent before a release counts no more.'),
  week: rates.describe('Of the mail sent on this day and the six before.'),
});
export const guardedAnswer = z.object({ purposes: z.array(guardedView) });
export const releaseBody = z.strictObject({
  actor: z.string().trim().min(1).max(100).describe('The id by which you know who of you answers for it.'),
  reason: z.string().trim().min(1).max(500).describe('What was wrong, and what was done about it.'),
});

/** Mail that bounces or is complained about too often is stopped, use by use (B3). */
export const sendingGuardEndpoints = [
  endpoint({
    method: 'GET',
    path: '/v1/sending-guard',
    scope: 'settings:read',
    summary: 'How often the mail of each use bounces or is complained about, and what was stopped',
    description: 'Gmail tells no sender about single complaints: look at Postmaster Tools as well.',
    params: NONE,
    query: NONE,
    body: NOTHING,
    answers: { 200: { description: 'Each use of each brand that is mailed', schema: guardedAnswer } },
    handle: async ({ db }: ApiDeps, { caller, at }) => {
      const purposes = await listGuarded(db, await readOwnSettings(db, caller.controller), at);
      return { status: 200, body: { purposes } satisfies z.infer<typeof guardedAnswer> };
    },
  }),
  endpoint({
    method: 'POST',
    path: '/v1/sending-guard/{brand}/{use}/release',
    scope: 'settings:write',
    summary: 'Let the mail of a use go on that was stopped',
    description:
      'Decisions follow within a minute. Only what is sent from now on counts; too many bounces or complaints stop it again.',
    params: z.strictObject({ brand: settingId, use: settingId }),
    query: NONE,
    body: releaseBody,
    idempotent: true,
    answers: { 200: { description: 'The use after it', schema: guardedView } },
    handle: async ({ db, settings }: ApiDeps, { params, body: { actor, reason }, caller, at }) => {
      const brand = await settings.brand(params.brand);
      if (brand?.controller.id !== caller.controller)
        throw new AppError('not-found', 'there is no such brand');
      const released = await releaseSending(db, params, { at, by: actor, reason });
      return { status: 200, body: released satisfies z.infer<typeof guardedView> };
    },
  }),
];
