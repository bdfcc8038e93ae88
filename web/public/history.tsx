import type { Hono } from 'hono';

import type { WebEnv } from '../request.ts';
import type { ProfileAppDeps } from './profile-deps.ts';

export function addHistoryRoutes(_app: Hono<WebEnv>, _deps: ProfileAppDeps): void {}
