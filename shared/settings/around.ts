import type { FloorOverride, PermissionModel } from './brand.ts';
import type { OwnSettings } from './own-settings.ts';
import type { Channel, Use } from './uses.ts';

/** What the linter asks of the decision's tables. */
export type Law = {
  /** Whether a model lets a use through at the resting status. */
  allowsAtRest(model: PermissionModel, use: Use): boolean;
  /** What the law asks for in a country before a business contact is reached; undefined: a country not known. */
  floor(country: string | undefined, channel: Channel): FloorOverride['rule'];
};

/** What a document stands beside: all else that its controller has set, and the law. */
export type Around = { own: OwnSettings; law: Law };
