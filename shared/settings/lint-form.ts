import { pointerTo } from '../platform/json-pointer.ts';
import type { Around } from './around.ts';
import type { Brand } from './brand.ts';
import { found } from './findings.ts';
import type { Finding } from './findings.ts';
import type { Form } from './form.ts';
import { LANGUAGES } from './language.ts';
import type { Language } from './language.ts';
import type { Use, Uses } from './uses.ts';
import { frequencyIn, measuringWords, namesChannel, namesWithdrawal } from './wording.ts';

/** References, wordings (G9, G12, G18), fields and addresses of a form. */
export function lintForm(form: Form, previous: Form | undefined, { own }: Around): Finding[] {
  const brand = own.brands.find(({ id }) => id === form.brand);
  const moved = previous && previous.brand !== form.brand;
  return [
    ...(moved
      ? [found('brand-changed', '/brand', 'Consents were given to one brand; make a new form.')]
      : []),
    ...(brand ? [] : [found('unknown-brand', '/brand', 'There is no such brand.')]),
    ...lintReferences(form, own.uses),
    ...form.uses.flatMap((offer, at) => {
      const use = own.uses?.uses.find(({ id }) => id === offer.use);
      return use && brand ? lintOffer(form, at, use, brand) : [];
    }),
    ...lintPromise(form),
    ...lintFields(form),
    ...lintAddresses(form, brand),
    ...(brand?.models.default === 'ignore'
      ? [found('ignore-with-forms', '/brand', 'The model of the brand collects nothing.')]
      : []),
  ];
}

function lintReferences(form: Form, uses: Uses | undefined): Finding[] {
  const offered = form.uses.map(({ use }) => use);
  const unknown = offered.flatMap((use, at) =>
    uses?.uses.some(({ id }) => id === use)
      ? []
      : [found('unknown-use', pointerTo('uses', String(at), 'use'), 'The catalogue has no such use.')],
  );
  const twice = offered.flatMap((use, at) =>
    offered.indexOf(use) === at
      ? []
      : [found('duplicate-id', pointerTo('uses', String(at), 'use'), 'The form offers this use already.')],
  );
  const topics = form.topics.flatMap((id, at): Finding[] => {
    const topic = uses?.topics.find((each) => each.id === id);
    const pointer = pointerTo('topics', String(at));
    if (!topic) return [found('unknown-topic', pointer, 'The catalogue has no such topic.')];
    if (offered.includes(topic.use)) return [];
    return [
      found(
        'topic-not-offered',
        pointer,
        `The topic belongs to ${topic.use}, which the form does not offer.`,
      ),
    ];
  });
  return [...unknown, ...twice, ...topics];
}

function lintOffer(form: Form, at: number, use: Use, brand: Brand): Finding[] {
  const offer = form.uses[at];
  if (!offer) return [];
  const place = ['uses', String(at)];
  const { channel } = use;
  if (channel === 'data') {
    if (!offer.required) return [];
    const detail = 'Nobody may have to agree to measuring or profiling to get something else (G12).';
    return [found('data-use-required', pointerTo(...place, 'required'), detail)];
  }
  return LANGUAGES.flatMap((language) => {
    const text = offer.wording[language];
    const pointer = pointerTo(...place, 'wording', language);
    const measuring = measuringWords(text, language);
    return [
      ...(measuring === undefined
        ? []
        : [
            found(
              'bundled-consent',
              pointer,
              `"${measuring}": measuring and profiling need a box of their own (G12).`,
            ),
          ]),
      ...(namesSender(text, brand)
        ? []
        : [
            found(
              'wording-without-sender',
              pointer,
              `The text must name who writes: ${brand.controller.name} (G9).`,
            ),
          ]),
      ...(namesWithdrawal(text, language)
        ? []
        : [
            found(
              'wording-without-withdrawal',
              pointer,
              'The text must say that consent can be withdrawn (G9).',
            ),
          ]),
      ...(namesChannel(text, language, channel)
        ? []
        : [
            found(
              'wording-without-channel',
              pointer,
              `The text should name the way of contact: ${channel} (G9).`,
            ),
          ]),
    ];
  });
}

function namesSender(text: string, { name, controller }: Brand): boolean {
  return [name, controller.name].some((each) => text.toLowerCase().includes(each.toLowerCase()));
}

/** What a text promises binds (G18), so the cap must hold it; a text that promises less than the cap does no harm. */
function lintPromise({ uses, intro, promisedFrequency: cap }: Form): Finding[] {
  const texts = LANGUAGES.flatMap((language: Language) => [
    { text: intro[language], pointer: pointerTo('intro', language) },
    ...uses.map(({ wording }, at) => ({
      text: wording[language],
      pointer: pointerTo('uses', String(at), 'wording', language),
    })),
  ]);
  return texts.flatMap(({ text, pointer }) => {
    const said = frequencyIn(text);
    if (!said || (cap && cap.count * said.days <= said.count * cap.days)) return [];
    const detail = `The text promises ${said.count} in ${said.days} days; promisedFrequency must hold that (G18).`;
    return [found('promise-not-kept', pointer, detail)];
  });
}

function lintFields({ fields }: Form): Finding[] {
  return fields.flatMap(({ name, required }, at) => {
    const detail = `Only the e-mail address is needed; ask for ${name} if you must, and say why (art. 5(1)(c) GDPR, G9).`;
    return required ? [found('field-required', pointerTo('fields', String(at), 'required'), detail)] : [];
  });
}

function lintAddresses({ origins, thankYouUrls }: Form, brand: Brand | undefined): Finding[] {
  const own = brand ? [brand.imprint.url, ...Object.values(brand.privacyNotice.url)].map(hostOf) : [];
  const hosts = [...own, ...origins.map(hostOf)];
  return [
    ...origins.flatMap((origin, at) =>
      origin.startsWith('https:') || /^http:\/\/(localhost|127\.0\.0\.1)(:|$)/.test(origin)
        ? []
        : [
            found(
              'origin-not-secure',
              pointerTo('origins', String(at)),
              'A form needs https to be embedded.',
            ),
          ],
    ),
    ...thankYouUrls.flatMap((url, at) =>
      hosts.includes(hostOf(url))
        ? []
        : [
            found(
              'thank-you-foreign',
              pointerTo('thankYouUrls', String(at)),
              'This is no site of the brand (T12).',
            ),
          ],
    ),
  ];
}

function hostOf(url: string): string {
  return URL.parse(url)?.host ?? url;
}
