import type * as z from 'zod';

import { lawAt } from '../../shared/decision/law.ts';
import { activateSetting } from '../../shared/jobs/activate-setting.ts';
import { readJob } from '../../shared/jobs/job-store.ts';
import { recalculationId } from '../../shared/jobs/recalculation.ts';
import { unknownSetting } from '../../shared/settings/change.ts';
import { readHistory } from '../../shared/settings/history.ts';
import { lintSetting } from '../../shared/settings/lint.ts';
import { isOwn, listSettings, readOwnSettings } from '../../shared/settings/own-settings.ts';
import { readSetting, readSettingVersion } from '../../shared/settings/store.ts';
import type { Documents, SettingKind } from '../../shared/settings/store.ts';
import type { ApiDeps } from './deps.ts';
import { NONE, NOTHING, endpoint } from './endpoint.ts';
import type { Answer, Caller, Request } from './endpoint.ts';
import { readDocument } from './setting-document.ts';
import {
  activateBody,
  changeAnswer,
  changeBody,
  kindPath,
  listAnswer,
  settingAnswer,
  settingPath,
  versionAnswer,
  versionPath,
  versionsAnswer,
  versionsQuery,
} from './setting-shapes.ts';

/** What a controller has set: read, changed by named people, with every version kept. */
export const settingsEndpoints = [
  endpoint({
    method: 'GET',
    path: '/v1/settings/{kind}',
    scope: 'settings:read',
    summary: 'Which documents of a kind there are',
    params: kindPath,
    query: NONE,
    body: NOTHING,
    answers: { 200: { description: 'Their ids', schema: listAnswer } },
    handle: async ({ db }: ApiDeps, { params: { kind }, caller }) => {
      const own = await listSettings(db, caller.controller);
      const ids =
        kind === 'limits' ? ['default'] : own.filter((each) => each.kind === kind).map(({ id }) => id);
      const body: z.infer<typeof listAnswer> = { settings: ids.toSorted().map((id) => ({ id })) };
      return { status: 200, body };
    },
  }),
  endpoint({
    method: 'GET',
    path: '/v1/settings/{kind}/{id}',
    scope: 'settings:read',
    summary: 'A document as it is now, with what the linter has to say about it',
    params: settingPath,
    query: NONE,
    body: NOTHING,
    answers: { 200: { description: 'The document; its version is the ETag', schema: settingAnswer } },
    handle: async ({ db }: ApiDeps, { params: { kind, id }, caller, at }) => {
      const { version, document } = await readOwn({ db }, caller, kind, id);
      const own = await readOwnSettings(db, caller.controller);
      const findings = lintSetting(kind, document, undefined, { own, law: lawAt(at) });
      const job = kind === 'scoring' ? await readJob(db, recalculationId(id, version)) : undefined;
      const body: z.infer<typeof settingAnswer> = {
        ...{ kind, id, version, document, findings },
        ...(job ? { job: job.id } : {}),
      };
      return { status: 200, body, headers: { ETag: `"${version}"` } };
    },
  }),
  endpoint({
    method: 'PUT',
    path: '/v1/settings/{kind}/{id}',
    scope: 'settings:write',
    summary: 'Store the next version of a document',
    description:
      'If-Match names the version that was changed, "0" for a new document. What the linter calls an error is refused, unless `acknowledge` names its code and who answers for it.',
    params: settingPath,
    query: NONE,
    body: changeBody,
    ifMatch: true,
    answers: {
      200: { description: 'The new version and what it changed', schema: changeAnswer },
      201: { description: 'The first version of a new document', schema: changeAnswer },
    },
    handle: async (deps: ApiDeps, { params: { kind, id }, body, ...request }) =>
      change(deps, request, body, { kind, id, document: readDocument(kind, body.document) }),
  }),
  endpoint({
    method: 'GET',
    path: '/v1/settings/{kind}/{id}/versions',
    scope: 'settings:read',
    summary: 'Who changed what when, newest first',
    params: settingPath,
    query: versionsQuery,
    body: NOTHING,
    answers: {
      200: { description: 'A page of versions; `before` leads to the next', schema: versionsAnswer },
    },
    handle: async ({ db }: ApiDeps, { params: { kind, id }, query: { before, limit }, caller }) => {
      const { version } = await readOwn({ db }, caller, kind, id);
      const newest = before === undefined ? version : Math.min(version, before - 1);
      const versions = await readHistory(db, { kind, id, newest, limit });
      const last = newest - limit + 1;
      const body: z.infer<typeof versionsAnswer> = { versions, ...(last > 1 ? { before: last } : {}) };
      return { status: 200, body };
    },
  }),
  endpoint({
    method: 'GET',
    path: '/v1/settings/{kind}/{id}/versions/{version}',
    scope: 'settings:read',
    summary: 'A document as it was in one version',
    params: versionPath,
    query: NONE,
    body: NOTHING,
    answers: { 200: { description: 'The document; it never changes', schema: versionAnswer } },
    handle: async ({ db }: ApiDeps, { params: { kind, id, version }, caller }) => {
      await readOwn({ db }, caller, kind, id);
      const found = await readSettingVersion(db, kind, id, version);
      if (!found) throw unknownSetting();
      const body: z.infer<typeof versionAnswer> = { kind, id, ...found };
      return { status: 200, body };
    },
  }),
  endpoint({
    method: 'POST',
    path: '/v1/settings/{kind}/{id}/versions/{version}/activate',
    scope: 'settings:write',
    summary: 'Make a former version the next one',
    description:
      'As if its document were stored anew: with If-Match, the linter, and a number of its own. Former versions stay as they are.',
    params: versionPath,
    query: NONE,
    body: activateBody,
    ifMatch: true,
    idempotent: true,
    answers: { 200: { description: 'The new version and what it changed', schema: changeAnswer } },
    handle: async (deps: ApiDeps, { params: { kind, id, version }, body, ...request }) => {
      await readOwn(deps, request.caller, kind, id);
      const former = await readSettingVersion(deps.db, kind, id, version, { consistent: true });
      if (!former) throw unknownSetting();
      return change(deps, request, body, { kind, id, document: former.document });
    },
  }),
];

async function change<K extends SettingKind>(
  { db }: ApiDeps,
  { ifMatch, caller: { controller, keyId }, at }: Request,
  { actor, acknowledge }: z.infer<typeof activateBody>,
  next: { kind: K; id: string; document: Documents[K] },
): Promise<Answer> {
  const expected = /^\d{1,9}$/.test(ifMatch ?? '') ? Number(ifMatch) : -1;
  const by = { controller, keyId, actor: actor.id, acknowledged: acknowledge, at };
  const changed = await activateSetting({ db, law: lawAt(at) }, { ...next, ...by, expected });
  const body: z.infer<typeof changeAnswer> = { kind: next.kind, id: next.id, ...changed };
  return { status: expected === 0 ? 201 : 200, body, headers: { ETag: `"${changed.version}"` } };
}

/** @throws AppError `not-found` also for somebody else's; the limits of the installation are everybody's to read */
async function readOwn<K extends SettingKind>(
  { db }: Pick<ApiDeps, 'db'>,
  { controller }: Caller,
  kind: K,
  id: string,
): Promise<{ version: number; document: Documents[K] }> {
  const found = await readSetting(db, kind, id, { consistent: true });
  if (!found) throw unknownSetting();
  if (kind !== 'limits' && !(await isOwn(db, controller, kind, found.document))) throw unknownSetting();
  return found;
}
