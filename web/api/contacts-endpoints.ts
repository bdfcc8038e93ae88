import { accountEndpoints } from './accounts.ts';
import { contactEndpoints } from './contacts.ts';
import type { ApiDeps } from './deps.ts';
import type { Endpoint } from './endpoint.ts';
import { erasureEndpoints } from './erasure.ts';
import { permissionEndpoints } from './permissions.ts';

/** What the function `api` serves. */
export const CONTACTS_ENDPOINTS: readonly Endpoint<ApiDeps>[] = [
  ...contactEndpoints,
  ...permissionEndpoints,
  ...accountEndpoints,
  ...erasureEndpoints,
];
