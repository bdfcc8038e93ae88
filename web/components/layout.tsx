import { raw } from 'hono/html';
import type { PropsWithChildren } from 'hono/jsx';

import type { Brand } from '../../shared/settings/brand.ts';
import { LANGUAGES } from '../../shared/settings/language.ts';
import type { Language } from '../../shared/settings/language.ts';
import { frameTextsFor } from '../texts/frame-texts.ts';

/** What every page knows: whose it is, in which language, with which style sheets. */
export type PageContext = {
  brand: Brand;
  language: Language;
  assets: { css: string; brandCss: string; logo?: string };
  /** The same page in other languages, where it has an address of its own. */
  alternates?: Partial<Record<Language, string>>;
};

/** For pages that cannot know whose they are, such as an unknown address. */
export type NeutralContext = { brand?: never; language: Language; assets: { css: string } };

/** The same page in every language, where the path alone says what it shows. */
export function inLanguages(path: string): Record<Language, string> {
  return { de: `${path}?lang=de`, en: `${path}?lang=en` };
}

type PageProps = PropsWithChildren<{ context: PageContext | NeutralContext; title: string }>;

/** A whole document. No inline code of any kind: the content security policy would not run it (T11). */
export function Page({ context, title, children }: PageProps) {
  const { language, brand, assets } = context;
  const texts = frameTextsFor(language).layout;
  return (
    <>
      {raw('<!doctype html>')}
      <html lang={language}>
        <head>
          <meta charset="utf-8" />
          <title>{brand ? `${title} – ${brand.name}` : title}</title>
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content="light dark" />
          <meta name="robots" content="noindex, nofollow" />
          <link rel="stylesheet" href={assets.css} />
          {brand && <link rel="stylesheet" href={context.assets.brandCss} />}
        </head>
        <body>
          <a class="skip" href="#main">
            {texts.skip}
          </a>
          {brand && <Header context={context} />}
          <main id="main" tabindex={-1}>
            {children}
          </main>
          {brand && <Footer context={context} />}
        </body>
      </html>
    </>
  );
}

function Header({ context: { brand, assets } }: { context: PageContext }) {
  return (
    <header class="brand">
      {assets.logo ? (
        <img src={assets.logo} alt={brand.logo?.alt || brand.name} />
      ) : (
        <strong>{brand.name}</strong>
      )}
    </header>
  );
}

function Footer({ context }: { context: PageContext }) {
  const { brand, language } = context;
  const texts = frameTextsFor(language).layout;
  return (
    <footer>
      <p>
        {brand.imprint.lines.map((line) => (
          <span class="imprint">{line} </span>
        ))}
      </p>
      <nav aria-label={texts.legal}>
        <a href={brand.imprint.url}>{texts.imprint}</a>
        <a href={brand.privacyNotice.url[language]}>{texts.privacy}</a>
        <LanguageLinks context={context} />
      </nav>
    </footer>
  );
}

function LanguageLinks({ context: { language, alternates = {} } }: { context: PageContext }) {
  return (
    <>
      {LANGUAGES.filter((other) => other !== language && alternates[other]).map((other) => (
        <a href={alternates[other]} lang={other} hreflang={other}>
          {frameTextsFor(other).layout.thisLanguage}
        </a>
      ))}
    </>
  );
}
