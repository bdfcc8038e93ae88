import type { PermissionModel } from '../settings/brand.ts';
import type { Use } from '../settings/uses.ts';

/** What kind of use the models tell apart (the rows of DOMAIN 3). */
export const USE_KINDS = ['mailing', 'invitation', 'call-centre', 'field-sales', 'letter', 'data'] as const;
export type UseKind = (typeof USE_KINDS)[number];

/** Which kinds a model allows at its resting status, without any grant (DOMAIN 3, every cell). */
export const RESTING_ALLOWS = {
  ignore: {
    mailing: false,
    invitation: false,
    'call-centre': false,
    'field-sales': true,
    letter: false,
    data: false,
  },
  'opt-out-only': {
    mailing: true,
    invitation: true,
    'call-centre': false,
    'field-sales': true,
    letter: true,
    data: false,
  },
  'build-up': {
    mailing: false,
    invitation: true,
    'call-centre': false,
    'field-sales': true,
    letter: true,
    data: false,
  },
  'confirmed-opt-in': {
    mailing: false,
    invitation: false,
    'call-centre': false,
    'field-sales': false,
    letter: false,
    data: false,
  },
  'double-opt-in': {
    mailing: false,
    invitation: false,
    'call-centre': false,
    'field-sales': false,
    letter: false,
    data: false,
  },
} as const satisfies Record<PermissionModel, Record<UseKind, boolean>>;

/** The kind of a use; an operator's own uses follow from channel and bulk, and personal mail is ruled like bulk. */
export function kindOf({ id, channel, bulk }: Pick<Use, 'id' | 'channel' | 'bulk'>): UseKind {
  switch (channel) {
    case 'email':
      return id === 'event-invitation' ? 'invitation' : 'mailing';
    case 'phone':
      return bulk ? 'call-centre' : 'field-sales';
    case 'post':
      return 'letter';
    case 'data':
      return 'data';
  }
}
