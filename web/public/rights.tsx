import { createApp } from '../respond.tsx';
import { addEraseRoutes } from './erase.tsx';
import { addExportRoutes } from './export.tsx';
import type { ProfileAppDeps } from './profile-deps.ts';
import { addRequestRoutes } from './requests.tsx';

/** What the law lets a person do with their data at once, and what one of us has to answer (D1–D6). */
export function createRightsApp(deps: ProfileAppDeps) {
  const app = createApp();
  addExportRoutes(app, deps);
  addEraseRoutes(app, deps);
  addRequestRoutes(app, deps);
  return app;
}
