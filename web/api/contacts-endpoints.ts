import { accountEndpoints } from './accounts.ts';
import { contactEndpoints } from './contacts.ts';
import { erasureEndpoints } from './erasure.ts';
import { permissionEndpoints } from './permissions.ts';

/** What the function `api` serves. */
export const CONTACTS_ENDPOINTS = [
  ...contactEndpoints,
  ...permissionEndpoints,
  ...accountEndpoints,
  ...erasureEndpoints,
];
