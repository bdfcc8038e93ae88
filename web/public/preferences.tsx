import { createApp, only } from '../respond.tsx';
import { addChoicesRoutes } from './choices.tsx';
import type { ChoicesAppDeps } from './choices-place.tsx';

/** What a person gets and how often, by the link of any mail: never a way to data (D7). */
export function createPreferencesApp(deps: ChoicesAppDeps) {
  const app = createApp();
  addChoicesRoutes(app, deps);
  app.all('/preferences/:token', only('GET', 'HEAD', 'POST'));
  return app;
}
