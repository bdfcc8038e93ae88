import * as z from 'zod';

import { settingId } from '../../shared/settings/brand.ts';
import { finding } from '../../shared/settings/findings.ts';
import { difference, settingVersion } from '../../shared/settings/history.ts';
import { SETTING_KINDS } from '../../shared/settings/store.ts';

const kind = z.enum(SETTING_KINDS);
export const kindPath = z.strictObject({ kind });
export const settingPath = z.strictObject({ kind, id: settingId });
export const versionPath = settingPath.extend({ version: z.coerce.number().int().positive() });
export const staff = z.strictObject({ kind: z.literal('staff'), id: z.string().min(1).max(100) });

export const versionsQuery = z.strictObject({
  /** Versions before this one, as the last page told. */
  before: z.coerce.number().int().positive().optional(),
  limit: z.coerce.number().int().min(1).max(50).default(20),
});

export const changeBody = z.strictObject({
  document: z.unknown().meta({ description: 'The whole document as it shall be' }),
  actor: staff,
  /** By name and reason, and kept with the version. */
  acknowledge: z
    .strictObject({
      codes: z.array(z.string().min(1).max(60)).min(1).max(20),
      name: z.string().min(1).max(100),
      reason: z.string().min(1).max(500),
    })
    .optional(),
});

/** What `changeBody` tells besides the document. */
export const activateBody = changeBody.omit({ document: true });

const job = z
  .string()
  .optional()
  .describe('Of scoring rules: the job that scores everybody under this version, while it is kept.');
export const listAnswer = z.object({ settings: z.array(z.object({ id: z.string() })) });
export const settingAnswer = z.object({
  kind,
  id: z.string(),
  version: z.int(),
  document: z.unknown(),
  findings: z.array(finding),
  job,
});
export const changeAnswer = z.object({
  kind,
  id: z.string(),
  version: z.int(),
  diff: z.array(difference),
  findings: z.array(finding),
  job,
});
export const versionsAnswer = z.object({
  versions: z.array(settingVersion.extend({ diff: z.array(difference) })),
  before: z.int().optional(),
});
export const versionAnswer = z.object({ kind, id: z.string(), version: z.int(), document: z.unknown() });
