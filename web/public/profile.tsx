import { createApp } from '../respond.tsx';
import { addAddressRoutes } from './new-address.tsx';
import { addHistoryRoutes } from './history.tsx';
import { addLoginRoutes } from './log-in.tsx';
import { addFieldRoutes } from './profile-fields.tsx';
import type { ProfileAppDeps } from './profile-deps.ts';
import { addSessionRoutes } from './sessions.tsx';

/** What we hold about a person, for that person alone: behind a fresh log-in by mail (T4, T5, D1, D3). */
export function createProfileApp(deps: ProfileAppDeps) {
  const app = createApp();
  addLoginRoutes(app, deps);
  addSessionRoutes(app, deps);
  addFieldRoutes(app, deps);
  addAddressRoutes(app, deps);
  addHistoryRoutes(app, deps);
  return app;
}
