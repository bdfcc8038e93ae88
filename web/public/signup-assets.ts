import type { Context, Hono } from 'hono';

import type { Settings } from '../../shared/settings/store.ts';
import { brandStyleVersion, staticAsset } from '../assets.ts';
import { brandStyleSheet } from '../components/brand-style.ts';
import { explain, only } from '../respond.tsx';
import type { WebEnv } from '../request.ts';

const IMMUTABLE = 'public, max-age=31536000, immutable';
/** An address that outlived its content gets the present one, for a moment. */
const BRIEF = 'public, max-age=300';
/** An SVG opened by itself is a document: it gets its own styles, nothing else. */
const LOGO_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'; sandbox";

/** Style sheets, logos and the embed script: public, without cookies, cached for ever under a hash. */
export function serveAssets(app: Hono<WebEnv>, { settings }: { settings: Settings }): void {
  app.get('/embed.js', (c) => {
    const { body, hash } = staticAsset('embed.js');
    c.header('Cross-Origin-Resource-Policy', 'cross-origin');
    // Public and without credentials: any site may load it with an integrity check, which needs CORS.
    c.header('Access-Control-Allow-Origin', '*');
    return cached(c, 'text/javascript; charset=utf-8', body, hash, c.req.query('v') === hash);
  });

  app.get('/assets/:file{site\\.[0-9a-f]+\\.css}', (c) => {
    const { body, hash } = staticAsset('site.css');
    return cached(c, 'text/css; charset=utf-8', body, hash, c.req.param('file') === `site.${hash}.css`);
  });

  app.get('/assets/brand/:file{[a-z0-9-]+\\.[0-9a-f]+\\.css}', async (c) => {
    const [id = '', version] = c.req.param('file').split('.');
    const brand = await settings.brand(id);
    if (!brand) return explain(c, 404);
    const current = brandStyleVersion(brand);
    return cached(c, 'text/css; charset=utf-8', brandStyleSheet(brand.colour), current, version === current);
  });

  app.get('/assets/brand/:file{[a-z0-9-]+\\.logo}', async (c) => {
    const brand = await settings.brand(c.req.param('file').split('.')[0] ?? '');
    if (!brand?.logo) return explain(c, 404);
    c.header('Content-Security-Policy', LOGO_POLICY);
    const { type, base64 } = brand.logo;
    return cached(
      c,
      type === 'image/svg+xml' ? `${type}; charset=utf-8` : type,
      new Uint8Array(Buffer.from(base64, 'base64')),
      undefined,
      c.req.query('v') !== undefined,
    );
  });

  for (const path of ['/embed.js', '/assets/*']) app.all(path, only('GET', 'HEAD', 'OPTIONS'));
}

function cached(
  c: Context<WebEnv>,
  type: string,
  body: string | Uint8Array<ArrayBuffer>,
  hash: string | undefined,
  forEver: boolean,
): Response {
  c.header('Content-Type', type);
  c.header('Cache-Control', forEver ? IMMUTABLE : BRIEF);
  if (hash !== undefined) c.header('ETag', `"${hash}"`);
  if (hash !== undefined && c.req.header('if-none-match')?.includes(`"${hash}"`)) return c.body(null, 304);
  return c.body(body);
}
