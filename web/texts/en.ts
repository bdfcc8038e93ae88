import type { Texts } from './de.ts';

export const en = {
  layout: {
    skip: 'Skip to content',
    imprint: 'Legal notice',
    privacy: 'Privacy',
    thisLanguage: 'English',
    legal: 'Legal',
  },

  signup: {
    fields: {
      firstName: 'First name',
      lastName: 'Last name',
      company: 'Company',
      country: 'Country',
    },
    email: 'E-mail address',
    optional: '(optional)',
    choose: 'Please choose',
    topics: 'What are you interested in?',
    topicsHint: 'You can change your choice at any time.',
    uses: 'Your consent',
    usesHint: 'Each consent stands on its own. Tick only the boxes you want.',
    usesHintSingle: 'Please tick the box if you agree.',
    useRequired: 'Needed for this sign-up.',
    submit: 'Sign up',
    after: 'You will then get an e-mail to this address.',
    privacy: 'How we handle your data is described in our ',
    privacyLink: 'privacy notice',
    leaveEmpty: 'Please leave this empty',
    didYouMean: (address) => `Did you mean ${address}?`,
    useSuggestion: (address) => `Yes, use ${address}`,
    keepTyped: 'If what you typed is right, just send the form once more.',
    notice: {
      check: 'Please look through your details once more, then press “Sign up”.',
      'too-fast': 'That was very quick. Please look through your details once more, then press “Sign up”.',
      'too-late':
        'The form was open for a long time. Your details are still here: please press “Sign up” once more.',
      robot:
        'A field that should stay empty was filled in. We have emptied it: please press “Sign up” once more.',
    },
    summary: (count) => (count === 1 ? 'Please check one more thing' : `Please check ${count} more things`),
    errors: {
      'email-missing': () => 'Please enter your e-mail address.',
      'email-invalid': () =>
        'Please check the e-mail address. It looks like this, for example: name@company.com.',
      'email-disposable': () =>
        'Please enter an address you will keep using. We cannot reach a disposable address later on.',
      'email-typo': () => 'Please check the e-mail address for a typing mistake.',
      'field-missing': (label) => `Please fill in “${label}”.`,
      'field-too-long': (label) => `Please shorten “${label}” to 80 characters at most.`,
      'field-has-link': (label) => `Please enter no web address in “${label}”.`,
      'field-invalid': (label) => `Please check “${label}”: it holds characters we cannot use.`,
      'use-missing': (label) => `Please tick the box “${label}” if you want to sign up.`,
      'use-unknown': () => 'Please choose the consents again, one of them is no longer on offer.',
      'topic-unknown': () => 'Please choose the topics again, one of them is no longer on offer.',
      'country-unknown': () => 'Please choose a country from the list.',
      'thank-you-unknown': () => 'The follow-up page asked for is not registered for this form.',
      'unknown-field': (label) => `The field “${label}” is not part of this form.`,
    },
  },

  thankYou: {
    title: 'Please check your inbox',
    sent: 'We have sent an e-mail to the address you gave, if a confirmation is still missing there.',
    sender: 'Sender',
    nothing: 'Nothing there? Look in your spam folder or ',
    checkAddress: 'check the address',
  },

  confirm: {
    title: 'Is this right?',
    lead: (address) => `Once you confirm, this applies to ${address}:`,
    origin: (at, form) => `Entered on ${at} through “${form}”.`,
    yes: 'Yes, confirm',
    no: 'That wasn’t me',
    noHint: 'Then we delete the sign-up and you will get no further e-mails about it.',
  },

  confirmOutcome: {
    confirmed: 'Thank you, it is confirmed',
    confirmedLead: (address) => `From now on this applies to ${address}:`,
    review: 'We will check this before we write to you about it:',
    choices: 'Change your settings or unsubscribe',
    choicesHint: 'You can do so at any time. The link is in every e-mail, too.',
    already: 'Already confirmed',
    alreadyText: (date) => `Confirmed on ${date}. There is nothing more to do.`,
    expired: 'This link has expired',
    expiredResend: 'It was valid for 72 hours. One click sends a new e-mail to the same address.',
    resend: 'Send a new e-mail',
    expiredForm: 'Please sign up once more. It takes only a minute.',
    toForm: 'To the sign-up form',
    underReview: 'Thank you, we will check your sign-up',
    underReviewText:
      'There is nothing more to do. Someone here will look at the sign-up; until then you will get no advertising from us.',
    withdrawn: 'Unsubscribed in the meantime',
    withdrawnText:
      'This address was unsubscribed after the sign-up, and that still holds. If you would like to come back, please sign up again.',
    resent: 'Please check your inbox',
    resentText: 'A new e-mail with a fresh link is on its way. Nothing there? Look in your spam folder, too.',
    rejected: 'Thank you for telling us',
    rejectedText: 'The sign-up is deleted. We will send no further e-mails about it.',
  },

  unsubscribe: {
    title: 'Unsubscribe',
    lead: 'For the address',
    question: 'What would you like to unsubscribe from?',
    onlyTopic: (topic) => `Only the topic ${topic}`,
    everything: (brand) => `Everything from ${brand}`,
    nothingAtAll: 'No advertising at all',
    nothingAtAllHint: (controller) =>
      `Holds for all brands of ${controller}, and for whatever is added later.`,
    reason: 'Reason',
    reasonNone: 'No reason given',
    reasons: {
      'too-many': 'Too many e-mails',
      'not-relevant': 'Not about what interests me',
      'never-asked': 'I never signed up',
      other: 'Something else',
    },
    submit: 'Unsubscribe',
    done: 'Done, you are unsubscribed',
    gone: (address) => `Ended from now on for ${address}:`,
    goneAll: (address, controller) =>
      `${address} will get no advertising at all from ${controller}, from now on.`,
    stopped: 'Mailings already under way are stopped.',
    already: 'Already unsubscribed',
    alreadyText: (address) => `${address} was unsubscribed before. There is nothing more to do.`,
    mistake: 'Was that a mistake?',
    undoHint: 'For 10 minutes you can take it back here. By pressing the button you agree anew:',
    undo: 'Undo',
  },

  undo: {
    title: 'Undo the unsubscription?',
    lead: (address) => `By pressing the button you agree anew for ${address}:`,
    submit: 'Yes, subscribe again',
    leave: 'If you want to stay unsubscribed, simply close this page.',
    restored: 'You are subscribed again',
    restoredLead: 'From now on this applies again:',
    nothing: 'There is nothing left to undo',
    nothingText: 'Your settings are unchanged. There is nothing more to do.',
    tooLate: 'This link has expired',
    tooLateText: 'You stay unsubscribed. If you would like to come back, please sign up again.',
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
} satisfies Texts;
