import { raw } from 'hono/html';
import type { Child, PropsWithChildren } from 'hono/jsx';

import { createHash } from 'node:crypto';

import { readAsset } from '../../shared/platform/assets.ts';
import type { Instant } from '../../shared/platform/clock.ts';
import { brandColours } from '../../shared/settings/brand-colours.ts';
import type { Brand } from '../../shared/settings/brand.ts';
import type { Language } from '../../shared/settings/language.ts';
import { formatDateTime } from '../texts/format.ts';

type PrintedProps = PropsWithChildren<{ brand: Brand; language: Language; title: string; lead: string }>;

/** A document to print or to file: whole in itself, so that it reads the same where nothing of ours is at hand. */
export function Printed({ brand, language, title, lead, children }: PrintedProps) {
  return (
    <>
      {raw('<!doctype html>')}
      <html lang={language}>
        <head>
          <meta charset="utf-8" />
          <title>{`${title} – ${brand.name}`}</title>
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="robots" content="noindex, nofollow" />
          <style>{raw(printedStyle(brand))}</style>
        </head>
        <body>
          <header>
            <p class="eyebrow">{brand.name}</p>
            <h1>{title}</h1>
            <p>{lead}</p>
          </header>
          <main>{children}</main>
          <footer>
            <p>{brand.imprint.lines.join(' · ')}</p>
          </footer>
        </body>
      </html>
    </>
  );
}

function printedStyle({ colour }: Brand): string {
  return `:root{--brand:${brandColours(colour, 'light').text}}\n${readAsset('evidence.css').toString('utf8')}`;
}

/** Lets a printed document have its own style and nothing else (T11). */
export function printedPolicy(brand: Brand): string {
  const hash = createHash('sha256').update(printedStyle(brand)).digest('base64');
  return `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
}

/** Facts with their names; a fact that is not known is left out. */
export function Facts({ facts }: { facts: readonly (readonly [string, Child])[] }) {
  const known = facts.filter(([, fact]) => fact !== undefined && fact !== '');
  return (
    <dl>
      {known.map(([name, fact]) => (
        <>
          <dt>{name}</dt>
          <dd>{fact}</dd>
        </>
      ))}
    </dl>
  );
}

/** An instant as people read it, with the exact one beneath. */
export function Moment({ at, language }: { at: Instant; language: Language }) {
  return (
    <time datetime={at}>
      {formatDateTime(at, language)} <small>{at}</small>
    </time>
  );
}
