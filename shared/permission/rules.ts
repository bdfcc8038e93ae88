import type { Status } from './status.ts';

/** What can happen to a permission (the columns of DOMAIN 2 that change a status). */
export type Act =
  /** The person's own act with proof of the mailbox: click in a confirmation mail, undo, fresh log-in. */
  | 'confirms'
  /** A confirmation mail was accepted for delivery (confirmed opt-in): proves no mailbox. */
  | 'mail-accepted'
  | 'withdraws'
  | 'complains'
  /** Sales or staff say no, or take that back. */
  | 'blocks'
  | 'unblocks'
  /** A consent was not used for too long (G8). */
  | 'lapses';

/**
 * `needs-click`: only the click in a mail would do. `review`: stays as it is and waits for one of us.
 * `withdrawn-beneath`: remembered under the block. `previous`: what it was before the block. `resting`: the model's
 * resting status.
 */
export type Transition =
  | 'granted'
  | 'withdrawn'
  | 'withdrawn-beneath'
  | 'blocked'
  | 'previous'
  | 'resting'
  | 'unchanged'
  | 'needs-click'
  | 'review';

/** The transitions of DOMAIN 2, every cell. Nothing but `confirms` leads out of `withdrawn`. */
export const TRANSITIONS = {
  unclear: {
    confirms: 'granted',
    'mail-accepted': 'granted',
    withdraws: 'withdrawn',
    complains: 'withdrawn',
    blocks: 'blocked',
    unblocks: 'unchanged',
    lapses: 'unchanged',
  },
  open: {
    confirms: 'granted',
    'mail-accepted': 'granted',
    withdraws: 'withdrawn',
    complains: 'withdrawn',
    blocks: 'blocked',
    unblocks: 'unchanged',
    lapses: 'unchanged',
  },
  granted: {
    confirms: 'granted',
    'mail-accepted': 'unchanged',
    withdraws: 'withdrawn',
    complains: 'withdrawn',
    blocks: 'blocked',
    unblocks: 'unchanged',
    lapses: 'resting',
  },
  withdrawn: {
    confirms: 'granted',
    'mail-accepted': 'needs-click',
    withdraws: 'unchanged',
    complains: 'unchanged',
    blocks: 'blocked',
    unblocks: 'unchanged',
    lapses: 'unchanged',
  },
  blocked: {
    confirms: 'review',
    'mail-accepted': 'needs-click',
    withdraws: 'withdrawn-beneath',
    complains: 'withdrawn-beneath',
    blocks: 'unchanged',
    unblocks: 'previous',
    lapses: 'unchanged',
  },
} as const satisfies Record<Status, Record<Act, Transition>>;

export function transition(status: Status, act: Act): Transition {
  return TRANSITIONS[status][act];
}
