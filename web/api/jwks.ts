import type { Hono } from 'hono';

import { readPublishedKeys } from '../../shared/evidence/store.ts';
import type { Database } from '../../shared/platform/table.ts';
import type { WebEnv } from '../request.ts';
import { tellMethods } from './methods.ts';

export const JWKS_PATH = '/.well-known/jwks.json';

/** Publishes every key that ever signed evidence, so that old roots can be verified too (H4). */
export function serveKeys(app: Hono<WebEnv>, db: Database): void {
  app.get(JWKS_PATH, async (c) =>
    c.body(JSON.stringify({ keys: await readPublishedKeys(db) }), 200, {
      'Content-Type': 'application/jwk-set+json',
      'Cache-Control': 'public, max-age=3600',
      'Cross-Origin-Resource-Policy': 'cross-origin',
    }),
  );
  app.all(JWKS_PATH, (c) => tellMethods(c, ['GET', 'HEAD']));
}
