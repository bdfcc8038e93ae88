import { secureEvidence } from '../shared/evidence/secure.ts';
import { openRootStore } from '../shared/platform/root-store.ts';
import { openSigner } from '../shared/platform/signer.ts';
import { openDatabase } from '../shared/platform/table.ts';

const deps = { db: openDatabase(), signer: openSigner(), roots: openRootStore() };

export async function handler(): Promise<void> {
  await secureEvidence(deps);
}
