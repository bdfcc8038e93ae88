import type { Brand, PermissionModel } from '../settings/brand.ts';
import type { OptIn } from '../settings/form.ts';

/** Resting status of each permission model (DOMAIN 3). */
export const RESTING = {
  ignore: 'open',
  'opt-out-only': 'open',
  'build-up': 'unclear',
  'confirmed-opt-in': 'unclear',
  'double-opt-in': 'unclear',
} as const satisfies Record<PermissionModel, 'unclear' | 'open'>;

/** The model of a brand in a country; an unknown country means double opt-in. */
export function modelFor(brand: Brand, country: string | undefined): PermissionModel {
  if (country === undefined) return 'double-opt-in';
  return brand.models[country] ?? brand.models.default ?? 'double-opt-in';
}

/** The stricter of what the form and the model ask for; data uses always need the click (DOMAIN 3). */
export function neededProof(input: { form: OptIn; model: PermissionModel; dataUse: boolean }): OptIn {
  return input.dataUse || input.form === 'double' || input.model === 'double-opt-in' ? 'double' : 'confirmed';
}
