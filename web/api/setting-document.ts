import * as z from 'zod';

import { AppError } from '../../shared/platform/errors.ts';
import { diff } from '../../shared/settings/diff.ts';
import { parseSetting } from '../../shared/settings/store.ts';
import type { Documents, SettingKind } from '../../shared/settings/store.ts';
import { toErrors } from './problems.ts';

/**
 * A settings document as it was posted under `/document`.
 * @throws AppError `invalid` with every place to put right; a member that nobody reads is one, because a rule that is
 *   misspelt must not be lost in silence
 */
export function readDocument<K extends SettingKind>(kind: K, input: unknown): Documents[K] {
  const document = parse(kind, input);
  const unread = diff(input, document).filter(({ to }) => to === undefined);
  if (unread.length === 0) return document;
  throw refused(
    unread.map(({ pointer }) => ({
      pointer: `/document${pointer}`,
      detail: 'There is no such field.',
      code: 'unknown',
    })),
  );
}

function parse<K extends SettingKind>(kind: K, input: unknown): Documents[K] {
  try {
    return parseSetting(kind, input);
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    throw refused(toErrors(error.issues, ['document']));
  }
}

function refused(errors: AppError['errors']): AppError {
  return new AppError('invalid', 'The document is not valid.', errors ? { errors } : {});
}
