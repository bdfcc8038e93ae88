import type { Instant } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import type { InputError } from '../platform/errors.ts';
import type { Action, Database } from '../platform/table.ts';
import type { Law } from './around.ts';
import { diff } from './diff.ts';
import type { Difference } from './diff.ts';
import type { Finding } from './findings.ts';
import { lintSetting } from './lint.ts';
import { isOwn, readOwnSettings } from './own-settings.ts';
import { readSetting, saveSetting } from './store.ts';
import type { Acknowledged, Documents, SettingKind } from './store.ts';

export type Change<K extends SettingKind> = {
  controller: string;
  kind: K;
  id: string;
  document: Documents[K];
  /** The version that the change was made on, 0 for a new document. */
  expected: number;
  /** Staff id. */
  actor: string;
  acknowledged?: Acknowledged | undefined;
  at: Instant;
  /** What is done with it, all or nothing. */
  also?: readonly Action[];
};
/** A document as somebody would have it. */
type Draft<K extends SettingKind> = Pick<Change<K>, 'controller' | 'kind' | 'document' | 'acknowledged'>;
export type ChangeDeps = { db: Database; law: Law };
export type Changed = { version: number; diff: Difference[]; findings: Finding[] };

/**
 * Stores the next version of a controller's document, unless the linter refuses it.
 * @throws AppError `stale`, `not-found` for somebody else's document, `invalid` with what was refused, `forbidden` for
 *   another controller's name and for the limits, which hold for every controller of the installation
 */
export async function changeSetting<K extends SettingKind>(
  deps: ChangeDeps,
  change: Change<K>,
): Promise<Changed> {
  const { db } = deps;
  const { controller, kind, id, document, expected, actor, acknowledged, at, also } = change;
  if (kind === 'limits') throw new AppError('forbidden', 'limits are set by who runs the installation');
  const current = await readSetting(db, kind, id, { consistent: true });
  if (current && !(await isOwn(db, controller, kind, current.document))) throw unknownSetting();
  if ((current?.version ?? 0) !== expected) throw stale(current?.version);
  const findings = await checkDraft(deps, change, current?.document);
  const made = { expected, actor, at, acknowledged: used(acknowledged, findings) };
  const version = await saveSetting(db, kind, id, document, made, also).catch((error: unknown) => {
    throw error instanceof AppError && error.code === 'conflict' ? stale(undefined) : error;
  });
  return { version, diff: diff(current?.document, document), findings };
}

/**
 * What the linter finds in a document that would take the place of `current`.
 * @throws AppError `invalid` with what is refused, `forbidden` for another controller's name
 */
export async function checkDraft<K extends SettingKind>(
  { db, law }: ChangeDeps,
  { controller, kind, document, acknowledged }: Draft<K>,
  current: Documents[K] | undefined,
): Promise<Finding[]> {
  const own = await readOwnSettings(db, controller);
  const findings = lintSetting(kind, document, current, { own, law });
  const refusals = findings.filter(
    ({ severity, code, acknowledgeable }) =>
      severity === 'error' && !(acknowledgeable && acknowledged?.codes.includes(code)),
  );
  if (refusals.length > 0) {
    throw new AppError('invalid', 'The document is refused.', { errors: refusals.map(toError) });
  }
  if (!(await isOwn(db, controller, kind, document))) {
    throw new AppError('forbidden', 'the document names another controller');
  }
  return findings;
}

/** What was really waved through, for the record. */
function used(acknowledged: Acknowledged | undefined, findings: Finding[]): Acknowledged | undefined {
  const codes = acknowledged?.codes.filter((code) => findings.some((each) => each.code === code)) ?? [];
  return acknowledged && codes.length > 0 ? { ...acknowledged, codes } : undefined;
}

/** The error for a document that does not exist, or belongs to somebody else. */
export function unknownSetting(): AppError {
  return new AppError('not-found', 'there is no such document');
}

function stale(version: number | undefined): AppError {
  const now = version === undefined ? 'it was changed meanwhile' : `it is at version ${version}`;
  return new AppError('stale', `the document is not what you changed: ${now}`);
}

function toError({ pointer, detail, code }: Finding): InputError {
  return { pointer: `/document${pointer}`, detail, code };
}
