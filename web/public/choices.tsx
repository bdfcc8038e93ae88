import type { Hono } from 'hono';

import type { Secrets } from '../../shared/platform/secrets.ts';
import type { WebEnv } from '../request.ts';
import type { VisitDeps } from './session.ts';

export type ChoicesAppDeps = VisitDeps & {
  secrets: Pick<Secrets, 'linkKeys' | 'pepper' | 'evidenceMaster'>;
};

export function addChoicesRoutes(_app: Hono<WebEnv>, _deps: ChoicesAppDeps): void {}
