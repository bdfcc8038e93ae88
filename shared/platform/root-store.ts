import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { optional, required } from './config.ts';
import { plusMonths } from './clock.ts';
import type { Instant } from './clock.ts';
import { sendSigned } from './signed-request.ts';

/** Where signed roots are kept beside the table. What is there is never replaced. */
export type RootStore = { keep(name: string, text: string, at: Instant): Promise<void> };

const KEPT_MONTHS = 120;

/** The store that this function was granted: a bucket with Object Lock, or a folder on one machine. */
export function openRootStore(): RootStore {
  const folder = optional('ASSENT_ROOTS_FOLDER');
  return folder === undefined ? lockedBucket(required('ASSENT_ROOTS_BUCKET')) : plainFolder(folder);
}

/** In COMPLIANCE mode nobody can delete or shorten, the root account neither (H5). */
function lockedBucket(bucket: string): RootStore {
  return {
    keep: async (name, text, at) => {
      const response = await sendSigned('s3', {
        method: 'PUT',
        path: `/${bucket}/${name}`,
        headers: {
          'content-type': 'application/jose',
          'if-none-match': '*',
          'x-amz-checksum-sha256': createHash('sha256').update(text).digest('base64'),
          'x-amz-object-lock-mode': 'COMPLIANCE',
          'x-amz-object-lock-retain-until-date': plusMonths(at, KEPT_MONTHS),
        },
        body: text,
      });
      // 412: it is there already.
      if (!response.ok && response.status !== 412) {
        throw new Error(`keeping ${name} failed: S3 answered ${response.status}`);
      }
    },
  };
}

function plainFolder(folder: string): RootStore {
  return {
    keep: async (name, text) => {
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, name), text, { flag: 'wx' }).catch((error: unknown) => {
        if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      });
    },
  };
}
