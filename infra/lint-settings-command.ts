import { parseArgs } from 'node:util';

import { lawAt } from '../shared/decision/law.ts';
import type { Instant } from '../shared/platform/clock.ts';
import type { Database } from '../shared/platform/table.ts';
import { demoBrand } from '../shared/settings/demo.ts';
import type { Finding } from '../shared/settings/findings.ts';
import { readHistory } from '../shared/settings/history.ts';
import { lintSetting } from '../shared/settings/lint.ts';
import { listSettings, readOwnSettings } from '../shared/settings/own-settings.ts';
import { readSetting } from '../shared/settings/store.ts';
import type { SettingKind } from '../shared/settings/store.ts';
import { PLACE_OPTIONS, toPlace } from './place.ts';
import type { Place } from './place.ts';

export const USAGE = `Usage: npm run lint-settings -- FOLDER
       npm run lint-settings -- [--local] [--data DIR] [--controller ID]
       npm run lint-settings -- --stage STAGE [--region REGION] [--controller ID]
FOLDER holds documents as the API takes them: brand/<id>.json, form/<id>.json, uses/<id>.json, policy/<id>.json`;

export type LintSource = { kind: 'folder'; folder: string } | (Place & { controller: string });
/** What is to be said about one document; `answeredBy` took the responsibility for what would be refused. */
export type Linted = { kind: SettingKind; id: string; findings: (Finding & { answeredBy?: string })[] };

/** Whose settings are to be looked at. Throws with what is wrong. */
export function readLintArguments(args: readonly string[]): LintSource {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { ...PLACE_OPTIONS, controller: { type: 'string' } },
  });
  const [folder, ...rest] = positionals;
  if (rest.length > 0) throw new Error(`too many words: ${rest.join(' ')}`);
  if (folder !== undefined) {
    if (Object.keys(values).length > 0) throw new Error('a folder, or where a system runs, not both');
    return { kind: 'folder', folder };
  }
  return { ...toPlace(values), controller: values.controller ?? demoBrand.controller.id };
}

/** Looks at the settings of one controller as they are stored. */
export async function lintStored(db: Database, controller: string, at: Instant): Promise<Linted[]> {
  const own = await readOwnSettings(db, controller);
  const listed = await listSettings(db, controller);
  if (listed.length === 0) throw new Error(`${controller} has no settings`);
  return Promise.all(
    listed.map(async ({ kind, id }) => {
      const found = await readSetting(db, kind, id, { consistent: true });
      if (!found) throw new Error(`${kind}/${id} is listed and not there`);
      const [latest] = await readHistory(db, { kind, id, newest: found.version, limit: 1 });
      const findings = lintSetting(kind, found.document, undefined, { own, law: lawAt(at) });
      const { codes = [], name = '' } = latest?.acknowledged ?? {};
      const answered = (code: string) => (codes.includes(code) ? { answeredBy: name } : {});
      return { kind, id, findings: findings.map((each) => ({ ...each, ...answered(each.code) })) };
    }),
  );
}

/** A line per finding, worst first, and whether there is an error that nobody answers for. */
export function tellFindings(linted: readonly Linted[]): { text: string; failed: boolean } {
  const all = linted.flatMap(({ kind, id, findings }) =>
    findings.map((finding) => ({ ...finding, place: `${kind}/${id}` })),
  );
  const lines = (['error', 'warning', 'info'] as const).flatMap((severity) =>
    all
      .filter((each) => each.severity === severity)
      .map(({ place, pointer, code, detail, answeredBy }) => {
        const who = answeredBy === undefined ? '' : ` (${answeredBy} answers for it)`;
        return `${severity}  ${place} ${pointer || '/'}  ${code}: ${detail}${who}`;
      }),
  );
  const errors = all.filter(({ severity, answeredBy }) => severity === 'error' && answeredBy === undefined);
  const sum = `${linted.length} documents, ${errors.length} errors.`;
  return { text: [...lines, sum].join('\n'), failed: errors.length > 0 };
}
