import { raw } from 'hono/html';

import { Prose, SchemaView } from './docs-schema.tsx';
import type { Described, OpenApiDocument, Operation, Parameter } from './openapi.ts';

type DocsPageProps = { document: OpenApiDocument; css: readonly string[] };

/** The OpenAPI document for people: what can be called, what it takes and what it answers. Works without JavaScript. */
export function DocsPage({ document, css }: DocsPageProps) {
  const operations = Object.entries(document.paths).flatMap(([path, ofPath]) =>
    Object.entries(ofPath).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
  return (
    <>
      {raw('<!doctype html>')}
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <title>API – assent</title>
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content="light dark" />
          <meta name="robots" content="noindex, nofollow" />
          {css.map((href) => (
            <link rel="stylesheet" href={href} />
          ))}
        </head>
        <body>
          <a class="skip" href="#main">
            Skip to the content
          </a>
          <header>
            <strong>assent</strong>
            <a href="/v1/openapi.json">OpenAPI 3.1</a>
          </header>
          <main id="main" tabindex={-1}>
            <h1>API</h1>
            <p class="lead">{document.info.summary}</p>
            <Basics />
            <nav aria-label="Contents">
              {document.tags.map(({ name }) => (
                <a href={`#${name}`}>{name}</a>
              ))}
            </nav>
            {document.tags.map(({ name }) => (
              <section id={name} aria-labelledby={`${name}-title`}>
                <h2 id={`${name}-title`}>{name}</h2>
                {operations
                  .filter(({ operation }) => operation.tags[0] === name)
                  .map((one) => (
                    <Endpoint {...one} />
                  ))}
              </section>
            ))}
          </main>
        </body>
      </html>
    </>
  );
}

const EXAMPLE = 'curl -H "Authorization: Bearer $ASSENT_KEY" "$ASSENT_URL/v1/reviews"';

function Basics() {
  return (
    <>
      <pre tabindex={0} role="region" aria-label="Example">
        <code>{EXAMPLE}</code>
      </pre>
      <ul class="rules">
        <li>
          Bodies are JSON, at most 64 KiB, or 512 where up to 1,000 contacts or 500 events are meant.
          Addresses of people stand in bodies only, never in a URL. Unknown fields are refused.
        </li>
        <li>
          An error is a problem document (RFC 9457) with <code>status</code>, <code>detail</code>, often a{' '}
          <code>code</code>, and <code>errors</code> that point at what is wrong.
        </li>
        <li>
          What has a version answers it as <code>ETag</code>; send it back as <code>If-Match</code>: 412 says
          that somebody else was faster, 428 that it is missing.
        </li>
        <li>
          With <code>Idempotency-Key</code> a request that is sent again within 24 hours acts once.
        </li>
        <li>
          <code>RateLimit</code> tells how many calls are left; 429 comes with <code>Retry-After</code>.
        </li>
      </ul>
    </>
  );
}

type EndpointProps = { path: string; method: string; operation: Operation };

function Endpoint({ path, method, operation }: EndpointProps) {
  const { operationId, summary, description, security, parameters, requestBody, responses } = operation;
  return (
    <article id={operationId}>
      <h3>
        <span class="method">{method}</span> <code>{path}</code>
      </h3>
      <p>{summary}</p>
      {description && (
        <p class="quiet">
          <Prose text={description} />
        </p>
      )}
      <p class="quiet">
        {security.map((way) =>
          'key' in way ? (
            <>
              Scope <code>{way.key[0]}</code>
            </>
          ) : (
            ', or signed by Standard Webhooks'
          ),
        )}
      </p>
      {parameters.length > 0 && (
        <details>
          <summary>Parameters</summary>
          <Parameters parameters={parameters} />
        </details>
      )}
      {requestBody && (
        <details>
          <summary>Body</summary>
          <Bodies content={requestBody.content} />
        </details>
      )}
      {Object.entries(responses).map(([status, response]) => (
        <Answer status={status} response={response} />
      ))}
    </article>
  );
}

function Parameters({ parameters }: { parameters: readonly Parameter[] }) {
  return (
    <ul class="members">
      {parameters.map(({ name, in: place, required, description, schema }) => (
        <li>
          <code>{name}</code> <span class="quiet">{required ? place : `${place}, optional`}</span>
          {description && (
            <span>
              {' '}
              <Prose text={description} />
            </span>
          )}
          <SchemaView schema={schema} />
        </li>
      ))}
    </ul>
  );
}

function Answer({ status, response }: { status: string; response: Described }) {
  if ('$ref' in response) return null;
  const { description, content } = response;
  if (!content)
    return (
      <p>
        <code>{status}</code> {description}
      </p>
    );
  return (
    <details>
      <summary>
        <code>{status}</code> {description}
      </summary>
      <Bodies content={content} />
    </details>
  );
}

function Bodies({
  content,
}: {
  content: NonNullable<Extract<Described, { description: string }>['content']>;
}) {
  return (
    <>
      {Object.entries(content).map(([type, { schema }]) => (
        <>
          {type !== 'application/json' && <p class="quiet">{type}</p>}
          <SchemaView schema={schema} />
        </>
      ))}
    </>
  );
}
