import type { Chosen } from '../../../shared/preferences/acts.ts';
import type { ChoicesView, Offered, Refusable } from '../../../shared/preferences/shown-choices.ts';
import type { Volume } from '../../../shared/preferences/volume.ts';
import type { Instant } from '../../../shared/platform/clock.ts';
import { LANGUAGES } from '../../../shared/settings/language.ts';
import type { Language } from '../../../shared/settings/language.ts';
import {
  Button,
  Choice,
  Choices,
  ErrorSummary,
  PageForm,
  SelectField,
  TextField,
} from '../../components/form.tsx';
import { Page } from '../../components/layout.tsx';
import type { PageContext } from '../../components/layout.tsx';
import { choicesTextsFor } from '../../texts/choices-texts.ts';
import type { PostedChoices } from '../choices-input.ts';
import type { ChoicesTexts } from '../../texts/choices-texts.ts';
import { formatDate } from '../../texts/format.ts';

export type ChoicesPageProps = {
  context: PageContext;
  maskedAddress: string;
  view: ChoicesView;
  volume: Volume;
  noAdvertisingSince: Instant | undefined;
  restrictedSince: Instant | undefined;
  action: string;
  pageNonce: string;
  /** Of the wordings beside the boxes; absent where there is nothing to join. */
  formVersion: number | undefined;
  /** What came back with a pause that could not be told: the page stays as it was filled in. */
  posted?: Extract<PostedChoices, { ok: false }> | undefined;
  /** What should be known before choosing again. */
  notes?: readonly string[];
};

/** What a person gets, how often, and what we may do with their data: each choice apart, one button (D9). */
export function ChoicesPage(props: ChoicesPageProps) {
  const { context, maskedAddress, view, action, pageNonce, posted, notes = [] } = props;
  const { shown, sent } = posted ?? { shown: view.chosen, sent: view.chosen };
  const { language, brand } = context;
  const texts = choicesTextsFor(language);
  return (
    <Page context={context} title={texts.title}>
      <h1>{texts.title}</h1>
      {posted && (
        <ErrorSummary title={texts.check} entries={[{ text: texts[posted.fault], href: '#pauseDate' }]} />
      )}
      {notes.length > 0 && (
        <div class="notice" role="status">
          {notes.map((note) => (
            <p>{note}</p>
          ))}
        </div>
      )}
      <p class="fact">
        <span class="quiet">{texts.lead}</span> <strong>{maskedAddress}</strong>
      </p>
      {props.noAdvertisingSince !== undefined && (
        <p>{texts.noneSince(formatDate(props.noAdvertisingSince, language))}</p>
      )}
      {props.restrictedSince !== undefined && (
        <p>{texts.restrictedSince(formatDate(props.restrictedSince, language))}</p>
      )}
      <PageForm action={action} nonce={pageNonce}>
        <ShownBefore chosen={shown} formVersion={props.formVersion} />
        {view.mails.length > 0 && (
          <Choices id="mails" legend={texts.email} hint={texts.emailHint}>
            {view.mails.map((offered) => (
              <UseChoice offered={offered} sent={sent} {...props} />
            ))}
          </Choices>
        )}
        <Frequency sent={sent} texts={texts} />
        <Pause running={shown.pausedUntil} texts={texts} language={language} posted={posted} />
        {view.data.length > 0 && (
          <Choices id="data" legend={texts.data} hint={texts.dataHint}>
            {view.data.map((offered) => (
              <UseChoice offered={offered} sent={sent} {...props} />
            ))}
          </Choices>
        )}
        {view.others.length > 0 && (
          <Choices id="others" legend={texts.others} hint={texts.othersHint}>
            {view.others.map((other) => (
              <Refusal other={other} sent={sent} texts={texts} language={language} />
            ))}
          </Choices>
        )}
        <SelectField id="language" label={texts.language}>
          {LANGUAGES.map((each) => (
            <option value={each} selected={each === sent.language}>
              {texts.languages[each]}
            </option>
          ))}
        </SelectField>
        <div class="actions">
          <Button>{texts.save}</Button>
        </div>
      </PageForm>
      <section class="aside" aria-labelledby="none-title">
        <h2 id="none-title">{texts.none}</h2>
        <p>{texts.noneHint(brand.controller.name)}</p>
        <PageForm action={action} nonce={pageNonce} class="actions">
          <Button secondary name="act" value="none">
            {texts.noneSubmit}
          </Button>
        </PageForm>
      </section>
      <section class="aside" aria-labelledby="data-title">
        <h2 id="data-title">{texts.yourData}</h2>
        <p>
          <a href={`/preferences?brand=${brand.id}&lang=${language}`}>{texts.yourDataHint}</a>
        </p>
      </section>
    </Page>
  );
}

/** What the page shows, sent back with it: only what differs is an act of the person. */
function ShownBefore({ chosen, formVersion }: { chosen: Chosen; formVersion: number | undefined }) {
  const { uses, topics, refused, wish = '', pausedUntil = '', language } = chosen;
  return (
    <>
      <input type="hidden" name="was.uses" value={uses.join(' ')} />
      <input type="hidden" name="was.topics" value={topics.join(' ')} />
      <input type="hidden" name="was.refused" value={refused.join(' ')} />
      <input type="hidden" name="was.wish" value={wish} />
      <input type="hidden" name="was.pausedUntil" value={pausedUntil} />
      <input type="hidden" name="was.language" value={language} />
      <input type="hidden" name="was.form" value={String(formVersion ?? '')} />
    </>
  );
}

function UseChoice({
  offered,
  sent,
  context,
  volume,
}: ChoicesPageProps & { offered: Offered; sent: Chosen }) {
  const { language } = context;
  const texts = choicesTextsFor(language);
  const { use, topics, review, wording } = offered;
  const withVolume = (about: string, count: number | undefined) =>
    count === undefined ? about : `${about} · ${texts.volume(count)}`;
  const about = wording ? `${texts.joinHint} ${wording}` : use.description[language];
  return (
    <>
      <Choice
        type="checkbox"
        id={`use-${use.id}`}
        name={`use.${use.id}`}
        value="on"
        label={<strong>{use.name[language]}</strong>}
        hint={review ? texts.review : withVolume(about, volume.uses.get(use.id))}
        checked={sent.uses.includes(use.id)}
      />
      {topics.length > 0 && (
        <fieldset class="within">
          <legend class="off-screen">{texts.topicsOf(use.name[language])}</legend>
          {topics.map(({ id, name, description }) => (
            <Choice
              type="checkbox"
              id={`topic-${id}`}
              name={`topic.${id}`}
              value="on"
              label={name[language]}
              hint={withVolume(description[language], volume.topics.get(id))}
              checked={sent.topics.includes(id)}
            />
          ))}
        </fieldset>
      )}
    </>
  );
}

function Frequency({ sent, texts }: { sent: Chosen; texts: ChoicesTexts }) {
  return (
    <Choices id="often" legend={texts.often}>
      {(['', 'weekly', 'monthly'] as const).map((wish) => (
        <Choice
          type="radio"
          id={`wish-${wish || 'all'}`}
          name="wish"
          value={wish}
          label={texts.wish[wish]}
          checked={(sent.wish ?? '') === wish}
        />
      ))}
    </Choices>
  );
}

type PauseProps = {
  running: Instant | undefined;
  texts: ChoicesTexts;
  language: Language;
  posted: ChoicesPageProps['posted'];
};

function Pause({ running, texts, language, posted }: PauseProps) {
  const ways = ['', ...(running === undefined ? [] : (['keep'] as const)), '1', '3', '6', 'date'] as const;
  const shown = running === undefined ? '' : 'keep';
  const selected = posted?.fault === 'pauseDateInvalid' ? 'date' : (posted?.pause ?? shown);
  return (
    <Choices id="pauses" legend={texts.pause} hint={texts.pauseHint}>
      {!posted && <input type="hidden" name="was.pause" value={shown} />}
      {ways.map((way) => (
        <Choice
          type="radio"
          id={`pause-${way || 'none'}`}
          name="pause"
          value={way}
          label={texts.pauses[way]}
          hint={
            way === 'keep' && running !== undefined
              ? texts.pausedUntil(formatDate(running, language))
              : undefined
          }
          checked={way === selected}
        />
      ))}
      <TextField
        id="pauseDate"
        type="date"
        label={texts.pauseDate}
        value={posted?.pauseDate ?? ''}
        optional=" "
        hint={texts.pauseDateHint}
        error={posted && texts[posted.fault]}
      />
    </Choices>
  );
}

function Refusal({
  other: { use, since },
  sent,
  texts,
  language,
}: {
  other: Refusable;
  sent: Chosen;
  texts: ChoicesTexts;
  language: Language;
}) {
  const refuse = use.channel === 'post' ? texts.refuse.post : texts.refuse.phone;
  const name = use.name[language];
  if (since !== undefined) {
    return (
      <p class="choice ended">
        <strong>{name}</strong>
        <span class="quiet">{texts.refusedSince(formatDate(since, language))}</span>
      </p>
    );
  }
  return (
    <Choice
      type="checkbox"
      id={`no-${use.id}`}
      name={`no.${use.id}`}
      value="on"
      label={`${refuse}: ${name}`}
      hint={use.description[language]}
      checked={sent.refused.includes(use.id)}
    />
  );
}
