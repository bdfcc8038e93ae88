import type { Brand } from '../../../shared/settings/brand.ts';
import { Button, ErrorSummary, TextField } from '../../components/form.tsx';
import { Page } from '../../components/layout.tsx';
import type { NeutralContext, PageContext } from '../../components/layout.tsx';
import { sessionTextsFor } from '../../texts/session-texts.ts';

type AskProps = { context: PageContext; typed: string; fault?: 'email-missing' | 'email-invalid' };

/** The way to one's own data: the address, and then a mail to it (D7). */
export function AskAddressPage({ context, typed, fault }: AskProps) {
  const { language, brand } = context;
  const texts = sessionTextsFor(language);
  const error = fault && texts.errors[fault];
  const title = texts.askTitle;
  return (
    <Page context={withAlternates(context)} title={title}>
      <h1>{title}</h1>
      {error && <ErrorSummary title={texts.check} entries={[{ text: error, href: '#email' }]} />}
      <p class="lead">{texts.askLead(brand.controller.name)}</p>
      <form method="post" action={`/preferences?lang=${language}`}>
        <input type="hidden" name="brand" value={brand.id} />
        <TextField
          id="email"
          type="email"
          label={texts.email}
          value={typed}
          autocomplete="email"
          maxlength={254}
          hint={texts.emailHint}
          error={error}
        />
        <div class="actions">
          <Button>{texts.askSubmit}</Button>
        </div>
      </form>
      <p class="quiet">{texts.askQuiet}</p>
    </Page>
  );
}

function withAlternates(context: PageContext): PageContext {
  const path = (language: string) => `/preferences?brand=${context.brand.id}&lang=${language}`;
  return { ...context, alternates: { de: path('de'), en: path('en') } };
}

/** For an installation with several brands, or none that we know of. */
export function ChooseBrandPage({ context, brands }: { context: NeutralContext; brands: readonly Brand[] }) {
  const { language } = context;
  const texts = sessionTextsFor(language);
  return (
    <Page context={context} title={texts.askTitle}>
      <h1>{texts.askTitle}</h1>
      <p class="lead">{brands.length > 0 ? texts.chooseBrand : texts.noBrand}</p>
      <ul class="items">
        {brands.map(({ id, name }) => (
          <li>
            <a href={`/preferences?brand=${id}&lang=${language}`}>{name}</a>
          </li>
        ))}
      </ul>
    </Page>
  );
}
