import { secureEvidence } from '../shared/evidence/secure.ts';
import { reconcileSuppression } from '../shared/outbox/reconcile-suppression.ts';
import { errorFields, log } from '../shared/platform/log.ts';
import { openRootStore } from '../shared/platform/root-store.ts';
import { openSecrets } from '../shared/platform/secrets.ts';
import { openSuppressionList } from '../shared/platform/ses.ts';
import { openSigner } from '../shared/platform/signer.ts';
import { openDatabase } from '../shared/platform/table.ts';
import { openSettings } from '../shared/settings/store.ts';

const db = openDatabase();
const evidence = { db, signer: openSigner(), roots: openRootStore() };
const suppression = {
  db,
  secrets: openSecrets(),
  settings: openSettings(db),
  listSuppressed: openSuppressionList(),
};

/** Neither waits for the other to be well: proof is due each day, and so is sparing who complained. */
export async function handler(): Promise<void> {
  const done = await Promise.allSettled([secureEvidence(evidence), reconcileSuppression(suppression)]);
  const failed = done.flatMap((each): unknown[] => (each.status === 'rejected' ? [each.reason] : []));
  for (const error of failed) log('error', 'nightly-failed', errorFields(error));
  if (failed.length > 0) throw new AggregateError(failed, 'a part of the night failed');
}
