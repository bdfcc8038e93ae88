import { AppError } from '../platform/errors.ts';
import type { Brand } from '../settings/brand.ts';
import type { Settings } from '../settings/store.ts';
import type { Use } from '../settings/uses.ts';

/**
 * A brand of this controller, as somebody named it.
 * @param pointer to where it was named
 * @throws AppError `invalid` where there is none
 */
export async function namedBrand(
  settings: Pick<Settings, 'brand'>,
  controller: string,
  brandId: string,
  pointer = '/brand',
): Promise<Brand> {
  const brand = await settings.brand(brandId);
  if (brand?.controller.id === controller) return brand;
  throw unknown(pointer, 'no such brand');
}

/**
 * Uses of this controller's catalogue, each once; without names all bulk uses (DOMAIN 2).
 * @throws AppError `invalid` where one is not in it
 */
export async function namedUses(
  settings: Pick<Settings, 'uses'>,
  controller: string,
  useIds: readonly string[] | undefined,
  pointer = '/uses',
): Promise<string[]> {
  const { uses } = await settings.uses(controller);
  if (!useIds) return uses.filter(({ bulk }) => bulk).map(({ id }) => id);
  const strange = useIds.findIndex((use) => !uses.some(({ id }) => id === use));
  if (strange >= 0) throw unknown(`${pointer}/${strange}`, 'no such use');
  return [...new Set(useIds)];
}

/** One use of the catalogue. */
export async function namedUse(
  settings: Pick<Settings, 'uses'>,
  controller: string,
  useId: string,
): Promise<Use> {
  const { uses } = await settings.uses(controller);
  const use = uses.find(({ id }) => id === useId);
  if (!use) throw unknown('/use', 'no such use');
  return use;
}

function unknown(pointer: string, detail: string): AppError {
  return new AppError('invalid', `There is ${detail}.`, { errors: [{ pointer, detail, code: 'unknown' }] });
}
