import type * as z from 'zod';

import { lawAt } from '../../shared/decision/law.ts';
import { changeSetting, unknownSetting } from '../../shared/settings/change.ts';
import { readHistory } from '../../shared/settings/history.ts';
import { lintSetting } from '../../shared/settings/lint.ts';
import { isOwn, listSettings, readOwnSettings } from '../../shared/settings/own-settings.ts';
import { readSetting, readSettingVersion } from '../../shared/settings/store.ts';
import type { Documents, SettingKind } from '../../shared/settings/store.ts';
import type { ApiDeps } from './deps.ts';
import { NONE, NOTHING, endpoint } from './endpoint.ts';
import type { Caller } from './endpoint.ts';
import { readDocument } from './setting-document.ts';
import {
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
      const body: z.infer<typeof settingAnswer> = { kind, id, version, document, findings };
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
    handle: async ({ db }: ApiDeps, { params: { kind, id }, body, ifMatch, caller, at }) => {
      const expected = /^\d{1,9}$/.test(ifMatch ?? '') ? Number(ifMatch) : -1;
      const changed = await changeSetting(
        { db, law: lawAt(at) },
        {
          controller: caller.controller,
          kind,
          id,
          document: readDocument(kind, body.document),
          expected,
          actor: body.actor.id,
          acknowledged: body.acknowledge,
          at,
        },
      );
      const answer: z.infer<typeof changeAnswer> = { kind, id, ...changed };
      return {
        status: expected === 0 ? 201 : 200,
        body: answer,
        headers: { ETag: `"${changed.version}"` },
      };
    },
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
];

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
