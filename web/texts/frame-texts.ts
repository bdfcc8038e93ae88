import type { Language } from '../../shared/settings/language.ts';

const de = {
  layout: {
    skip: 'Zum Inhalt springen',
    imprint: 'Impressum',
    privacy: 'Datenschutz',
    /** In the language it leads to. */
    thisLanguage: 'Deutsch',
    legal: 'Rechtliches',
  },

  message: {
    'unknown-link': {
      title: 'Diesen Link kennen wir nicht',
      text: 'Vielleicht fehlt ein Stück, weil die Adresse in der E-Mail umgebrochen ist. Öffnen Sie den Link bitte noch einmal direkt in der E-Mail, oder kopieren Sie ihn ganz.',
    },
    'not-found': {
      title: 'Diese Seite gibt es nicht',
      text: 'Bitte prüfen Sie die Adresse oder öffnen Sie den Link noch einmal direkt in der E-Mail.',
    },
    error: {
      title: 'Das hat gerade nicht geklappt',
      text: 'Es liegt an uns, nicht an Ihnen. Bitte versuchen Sie es in einigen Minuten noch einmal.',
    },
    'too-many': {
      title: 'Bitte etwas später noch einmal',
      text: 'Aus Ihrem Netz kamen in kurzer Zeit viele Anfragen. Spätestens in einer Stunde können Sie sich wieder anmelden.',
    },
    'too-large': {
      title: 'Das war zu viel auf einmal',
      text: 'Bitte gehen Sie zurück, kürzen Sie Ihre Angaben und senden Sie das Formular noch einmal ab.',
    },
    unsupported: {
      title: 'Dieses Format können wir nicht lesen',
      text: 'Bitte gehen Sie zurück und senden Sie das Formular von unserer Seite aus ab.',
    },
    requestId: 'Wenn Sie uns dazu schreiben, nennen Sie bitte diese Kennung:',
  },
  chooseCountry: 'Bitte wählen',
};
export type FrameTexts = typeof de;

const en: FrameTexts = {
  layout: {
    skip: 'Skip to content',
    imprint: 'Legal notice',
    privacy: 'Privacy',
    thisLanguage: 'English',
    legal: 'Legal',
  },

  message: {
    'unknown-link': {
      title: 'We do not know this link',
      text: 'Perhaps a piece is missing because the address was broken into two lines. Please open the link from the e-mail once more, or copy all of it.',
    },
    'not-found': {
      title: 'This page does not exist',
      text: 'Please check the address, or open the link from the e-mail once more.',
    },
    error: {
      title: 'That did not work just now',
      text: 'The fault is ours, not yours. Please try again in a few minutes.',
    },
    'too-many': {
      title: 'Please try again a little later',
      text: 'Many requests came from your network in a short time. You can sign up again within the hour.',
    },
    'too-large': {
      title: 'That was too much at once',
      text: 'Please go back, shorten your details and send the form again.',
    },
    unsupported: {
      title: 'We cannot read this format',
      text: 'Please go back and send the form from our own page.',
    },
    requestId: 'If you write to us about it, please quote this reference:',
  },
  chooseCountry: 'Please choose',
};

/** Words around every page, and of pages that only say something; apart from those that one page alone needs. */
export function frameTextsFor(language: Language): FrameTexts {
  return { de, en }[language];
}
