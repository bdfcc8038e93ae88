import { jobEndpoints } from './jobs.ts';
import { requestEndpoints } from './requests.ts';
import { settingsEndpoints } from './settings.ts';

/** What the function `settings` serves. */
export const SETTINGS_ENDPOINTS = [...settingsEndpoints, ...jobEndpoints, ...requestEndpoints];
