import { PROFILE_FIELDS } from '../../../shared/contacts/contact.ts';
import type { Contact, ProfileField } from '../../../shared/contacts/contact.ts';
import type { ProfileError, ProfileValues } from '../../../shared/preferences/profile-input.ts';
import type { Question } from '../../../shared/preferences/questions.ts';
import type { Language } from '../../../shared/settings/language.ts';
import { CountryOptions } from '../../components/country-options.tsx';
import { Button, Choice, ErrorSummary, PageForm, SelectField, TextField } from '../../components/form.tsx';
import { ProfilePage as Frame } from '../../components/profile-nav.tsx';
import type { ProfileFrame } from '../../components/profile-nav.tsx';
import { formatDate, listText } from '../../texts/format.ts';
import { profileTextsFor } from '../../texts/profile-texts.ts';
import { AssessedSection } from './assessed-section.tsx';

const AUTOCOMPLETE = {
  firstName: 'given-name',
  lastName: 'family-name',
  company: 'organization',
  country: 'country',
  jobTitle: 'organization-title',
  department: undefined,
  phone: 'tel',
  street: 'street-address',
  postcode: 'postal-code',
  city: 'address-level2',
} as const satisfies Record<ProfileField, string | undefined>;

export type ProfilePageProps = {
  frame: ProfileFrame;
  contact: Contact;
  accountName: string | undefined;
  /** What stands in the fields: the stored values, or those that came back with errors. */
  values: ProfileValues;
  /** What is stored; the form sends it back, so that only what the person changed is said by them. */
  shown: ProfileValues;
  questions: readonly Question[];
  errors: readonly ProfileError[];
  saved?: { changed: readonly ProfileField[]; skipped: boolean } | undefined;
};

/** All that is held about a person, each field with where it came from, each correctable (D1, art. 16 GDPR). */
export function ProfilePage(props: ProfilePageProps) {
  const { frame, contact, accountName, questions, errors, saved } = props;
  const { brand, language } = frame.context;
  const texts = profileTextsFor(language);
  const asked = new Set<ProfileField>(questions.map(({ field }) => field));
  const label = (field: ProfileField) => texts.fields[field];
  return (
    <Frame frame={frame} title={texts.title}>
      {errors.length > 0 && (
        <ErrorSummary
          title={texts.summary(errors.length)}
          entries={inPageOrder(errors, asked).map(({ field, code }) => ({
            text: texts.errors[code](label(field)),
            href: `#${field}`,
          }))}
        />
      )}
      {saved && (
        <div class="notice" role="status">
          <h2>{texts.saved}</h2>
          {saved.changed.length > 0 && <p>{texts.savedText(listText(saved.changed.map(label), language))}</p>}
          {saved.skipped && <p>{texts.skipped}</p>}
          {saved.changed.length === 0 && !saved.skipped && <p>{texts.unchanged}</p>}
        </div>
      )}
      <p class="lead">{texts.lead(brand.controller.name)}</p>
      <PageForm action={`/profile?lang=${language}`} nonce={frame.nonce}>
        {questions.length > 0 && (
          <fieldset id="questions">
            <legend>{texts.questions}</legend>
            <span class="hint">{texts.questionsHint}</span>
            <div class="fields">
              {questions.map(({ field, why }) => (
                <div class="asked">
                  <ProfileInput field={field} hint={why[language]} {...props} />
                  <Choice
                    type="checkbox"
                    id={`skip-${field}`}
                    name={`skip.${field}`}
                    value="on"
                    label={`${texts.skip}: ${label(field)}`}
                    checked={false}
                  />
                </div>
              ))}
            </div>
          </fieldset>
        )}
        <fieldset id="data">
          <legend>{texts.yourData}</legend>
          <span class="hint">{texts.hint}</span>
          <div class="fields">
            {PROFILE_FIELDS.filter((field) => !asked.has(field)).map((field) => (
              <ProfileInput field={field} hint={originOf(contact, field, language)} {...props} />
            ))}
          </div>
        </fieldset>
        <div class="actions">
          <Button>{texts.save}</Button>
        </div>
      </PageForm>
      <section class="aside" aria-labelledby="address-title">
        <h2 id="address-title">{texts.address}</h2>
        <p class="fact">
          <strong>{contact.address}</strong>
        </p>
        {accountName !== undefined && (
          <p>
            {texts.account}: <strong>{accountName}</strong>
          </p>
        )}
        <p>
          <a href={`/profile/address?lang=${language}`}>{texts.newAddress}</a>
        </p>
      </section>
      {contact.assessed && <AssessedSection assessed={contact.assessed} language={language} />}
    </Frame>
  );
}

function ProfileInput({
  field,
  hint,
  frame,
  values,
  shown,
  errors,
}: ProfilePageProps & { field: ProfileField; hint: string | undefined }) {
  const { language } = frame.context;
  const texts = profileTextsFor(language);
  const fault = errors.find((error) => error.field === field);
  const props = {
    id: field,
    label: texts.fields[field],
    optional: texts.optional,
    autocomplete: AUTOCOMPLETE[field],
    hint: [hint, field === 'phone' ? texts.phoneHint : undefined].filter(Boolean).join('. ') || undefined,
    error: fault && texts.errors[fault.code](texts.fields[field]),
  };
  const value = values[field] ?? '';
  return (
    <>
      {field === 'country' ? (
        <SelectField {...props}>
          <CountryOptions selected={value} language={language} />
        </SelectField>
      ) : (
        <TextField {...props} value={value} maxlength={80} />
      )}
      <input type="hidden" name={`shown.${field}`} value={shown[field] ?? ''} />
    </>
  );
}

/** What is asked stands above what is stored. */
function inPageOrder(errors: readonly ProfileError[], asked: ReadonlySet<ProfileField>): ProfileError[] {
  const order = [...new Set([...asked, ...PROFILE_FIELDS])];
  const place = ({ field }: ProfileError) => order.indexOf(field);
  return errors.toSorted((a, b) => place(a) - place(b));
}

function originOf({ fields }: Contact, field: ProfileField, language: Language): string | undefined {
  const held = fields[field];
  return held && profileTextsFor(language).from[held.source](formatDate(held.at, language));
}
