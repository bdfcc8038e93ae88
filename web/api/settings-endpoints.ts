import type { ApiDeps } from './deps.ts';
import type { Endpoint } from './endpoint.ts';
import { jobEndpoints } from './jobs.ts';
import { settingsEndpoints } from './settings.ts';

/** What the function `settings` serves. */
export const SETTINGS_ENDPOINTS: readonly Endpoint<ApiDeps>[] = [...settingsEndpoints, ...jobEndpoints];
