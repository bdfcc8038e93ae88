import { requestEndpoints } from './requests.ts';
import { sendingGuardEndpoints } from './sending-guard.ts';
import { settingsEndpoints } from './settings.ts';
import { sourceEndpoints } from './sources.ts';

/** What the function `settings` serves. */
export const SETTINGS_ENDPOINTS = [
  ...settingsEndpoints,
  ...requestEndpoints,
  ...sourceEndpoints,
  ...sendingGuardEndpoints,
];
