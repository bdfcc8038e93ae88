/** First steps of the paths of our pages by which people leave, or change what they get or what we hold. */
export const LEAVING_PAGES = [
  ...[
    'unsubscribe',
    'undo',
    'preferences',
    'log-in',
    'sessions',
    'profile',
    'address',
    'history',
    'interests',
    'rights',
  ],
  'confirm',
] as const;

/**
 * Whether a link leads to one of those pages: who follows it wants less of us or order in their data, and that is never
 * engagement (DOMAIN 6).
 */
export function isLeavingLink(link: string, baseUrl: string): boolean {
  if (!URL.canParse(link)) return false;
  const { origin, pathname } = new URL(link);
  const own = new URL(baseUrl);
  const base = own.pathname.replace(/\/$/, '');
  if (origin !== own.origin || !pathname.startsWith(`${base}/`)) return false;
  const [page = ''] = pathname.slice(base.length + 1).split('/');
  return LEAVING_PAGES.some((name) => name === page);
}
