import { generateKeyPairSync } from 'node:crypto';

import type { RootStore } from '../../shared/platform/root-store.ts';
import { localSigner } from '../../shared/platform/signer.ts';
import type { Signer } from '../../shared/platform/signer.ts';

/** A signer with a key of its own. */
export function testSigner(): Signer {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return localSigner(() => Promise.resolve(privateKey.export({ format: 'jwk' })));
}

/** Keeps roots in memory, the first of a name for good. */
export function testRootStore(): RootStore & { kept: Map<string, string> } {
  const kept = new Map<string, string>();
  return {
    kept,
    keep: (name, text) => {
      if (!kept.has(name)) kept.set(name, text);
      return Promise.resolve();
    },
  };
}
