import type { Secrets } from '../../shared/platform/secrets.ts';
import type { VisitDeps } from './session.ts';

export type ProfileAppDeps = VisitDeps & {
  secrets: Pick<Secrets, 'linkKeys' | 'pepper' | 'evidenceMaster'>;
};
