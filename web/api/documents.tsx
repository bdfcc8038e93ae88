import { renderToString } from 'hono/jsx/dom/server';

import { neutralContext } from '../assets.ts';
import { DocsPage } from './docs-page.tsx';
import { ENDPOINTS } from './endpoints.ts';
import { openApiDocument } from './openapi.ts';

/** The files that describe the API, by name. Run when building, beside the static files of the pages. */
export function apiDocuments(): Record<'openapi.json' | 'api-docs.html', string> {
  const document = openApiDocument(ENDPOINTS);
  const css = [neutralContext('en').assets.css, '/v1/docs.css'];
  const page = <DocsPage document={document} css={css} />;
  return { 'openapi.json': JSON.stringify(document), 'api-docs.html': renderToString(page) };
}
