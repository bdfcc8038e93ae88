import { createApp } from '../respond.tsx';
import { addAddressRoutes } from './new-address.tsx';
import { addFieldRoutes } from './profile-fields.tsx';
import type { ProfileAppDeps } from './profile-deps.ts';

/** What we hold about a person, for that person alone to see and to correct: behind a log-in by mail (D1, D3). */
export function createProfileApp(deps: ProfileAppDeps) {
  const app = createApp();
  addFieldRoutes(app, deps);
  addAddressRoutes(app, deps);
  return app;
}
