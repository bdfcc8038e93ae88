import type { Language } from '../../shared/settings/language.ts';
import { countriesIn } from '../components/countries.ts';
import { frameTextsFor } from '../texts/frame-texts.ts';
import { textsFor } from '../texts/texts.ts';
import type { SignupPlace } from './signup-place.ts';

/** A form in one language with all its words, for sites that draw it themselves (`embed.js`). */
export function formDefinition(place: SignupPlace, language: Language, baseUrl: string, token: string) {
  const { form, brand, uses, path } = place;
  const texts = textsFor(language).signup;
  const thankYou = textsFor(language).thankYou;
  const { first, others } = countriesIn(language);
  return {
    id: form.id,
    language,
    title: form.title[language],
    intro: form.intro[language],
    action: `${baseUrl}${path}`,
    page: `${baseUrl}${path}?lang=${language}`,
    ts: token,
    email: { label: texts.email },
    fields: form.fields.map(({ name, required }) => ({
      name,
      label: texts.fields[name],
      required,
      ...(name === 'country' ? { options: [...first, ...others].map(({ code, name }) => [code, name]) } : {}),
    })),
    topics: uses.topics
      .filter(({ id }) => form.topics.includes(id))
      .map(({ id, name, description }) => ({ id, name: name[language], description: description[language] })),
    uses: form.uses.map(({ use, wording, required }) => ({ use, wording: wording[language], required })),
    privacy: { text: texts.privacy, link: texts.privacyLink, url: brand.privacyNotice.url[language] },
    texts: {
      optional: texts.optional,
      choose: texts.choose,
      topics: texts.topics,
      uses: texts.uses,
      leaveEmpty: texts.leaveEmpty,
      submit: texts.submit,
      after: texts.after,
      /** By the number of errors, from one. */
      summaries: Array.from({ length: 9 }, (_, index) => texts.summary(index + 1)),
      failed: frameTextsFor(language).message.error.text,
      suggestion: texts.useSuggestion('{address}'),
      keep: texts.keepTyped,
      done: thankYou.title,
      doneText: `${thankYou.sent} ${thankYou.sender}: ${brand.sender.address}`,
    },
  };
}
