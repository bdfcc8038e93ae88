import type { Acts } from '../../shared/preferences/acts.ts';

/** A page that was saved as it was shown. */
export const NO_ACTS: Acts = {
  leaveUses: [],
  joinUses: [],
  leaveTopics: [],
  joinTopics: [],
  refuse: [],
  loose: [],
};
