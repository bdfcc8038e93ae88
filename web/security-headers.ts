import type { MiddlewareHandler } from 'hono';

/** What a page may do besides nothing: where its forms may lead, and who may frame it. */
type Exceptions = { formAction?: readonly string[]; frameAncestors?: readonly string[] };

/** The content security policy of our pages, without inline code and without foreign content (T11). */
export function contentSecurityPolicy({ formAction = [], frameAncestors = [] }: Exceptions = {}): string {
  return [
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self'",
    // Chromium applies it to the redirect after a post too, so registered thank-you pages are named.
    ["form-action 'self'", ...formAction].join(' '),
    "base-uri 'none'",
    frameAncestors.length > 0 ? `frame-ancestors ${frameAncestors.join(' ')}` : "frame-ancestors 'none'",
  ].join('; ');
}

/** What every answer carries unless its route said otherwise (T3, T11). */
const DEFAULTS = {
  'Content-Security-Policy': contentSecurityPolicy(),
  'Strict-Transport-Security': 'max-age=63072000; includeSubDomains',
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy':
    'accelerometer=(), camera=(), display-capture=(), fullscreen=(), geolocation=(), gyroscope=(), ' +
    'magnetometer=(), microphone=(), midi=(), payment=(), usb=(), browsing-topics=()',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
  'X-Robots-Tag': 'noindex, nofollow',
} as const;

/** Completes the headers of every answer, errors included. */
export const securityHeaders: MiddlewareHandler = async (c, next) => {
  await next();
  for (const [name, value] of Object.entries(DEFAULTS)) {
    if (!c.res.headers.has(name)) c.res.headers.set(name, value);
  }
};
