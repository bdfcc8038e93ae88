import { CONTACTS_ENDPOINTS } from './contacts-endpoints.ts';
import { decisionEndpoints } from './decisions.ts';
import type { ApiDeps } from './deps.ts';
import type { Endpoint } from './endpoint.ts';
import { engagementEndpoints } from './engagement.ts';
import { evidenceEndpoints } from './evidence.tsx';
import { jobEndpoints } from './jobs.ts';
import { scoreEndpoints } from './scores.ts';
import { SETTINGS_ENDPOINTS } from './settings-endpoints.ts';

/** Which function serves which endpoints. Each imports its own list only: together they fit in no bundle. */
export const SERVED = {
  api: CONTACTS_ENDPOINTS,
  decisions: decisionEndpoints,
  settings: SETTINGS_ENDPOINTS,
  'job-requests': jobEndpoints,
  engagement: engagementEndpoints,
  scores: scoreEndpoints,
  evidence: evidenceEndpoints,
} satisfies Record<string, readonly Endpoint<ApiDeps>[]>;

/** All of `/v1`. */
export const ENDPOINTS: readonly Endpoint<ApiDeps>[] = Object.values(SERVED).flat();
