import type { Chosen } from '../../../shared/preferences/acts.ts';
import type { ChoicesView, Offered, Refusable } from '../../../shared/preferences/shown-choices.ts';
import type { Instant } from '../../../shared/platform/clock.ts';
import { LANGUAGES } from '../../../shared/settings/language.ts';
import type { Language } from '../../../shared/settings/language.ts';
import { Button, Choice, Choices, ErrorSummary, SelectField, TextField } from '../../components/form.tsx';
import { Page } from '../../components/layout.tsx';
import type { PageContext } from '../../components/layout.tsx';
import { choicesTextsFor } from '../../texts/choices-texts.ts';
import type { ChoicesTexts } from '../../texts/choices-texts.ts';
import { formatDate } from '../../texts/format.ts';

export type ChoicesPageProps = {
  context: PageContext;
  maskedAddress: string;
  view: ChoicesView;
  /** Mails really sent of late, by topic; absent where none is known. */
  volume: ReadonlyMap<string, number>;
  noAdvertisingSince: Instant | undefined;
  action: string;
  pageNonce: string;
  /** A date that could not be read, as it was typed. */
  pauseFault?: string | undefined;
  /** What should be known before choosing again. */
  notes?: readonly string[];
};

/** What a person gets, how often, and what we may do with their data: each choice apart, one button (D9). */
export function ChoicesPage(props: ChoicesPageProps) {
  const { context, maskedAddress, view, action, pageNonce, pauseFault, notes = [] } = props;
  const { language, brand } = context;
  const texts = choicesTextsFor(language);
  return (
    <Page context={context} title={texts.title}>
      <h1>{texts.title}</h1>
      {pauseFault !== undefined && (
        <ErrorSummary title={texts.check} entries={[{ text: texts.pauseDateInvalid, href: '#pauseDate' }]} />
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
      <form method="post" action={action}>
        <input type="hidden" name="page" value={pageNonce} />
        <ShownBefore chosen={view.chosen} />
        {view.mails.length > 0 && (
          <Choices id="mails" legend={texts.email} hint={texts.emailHint}>
            {view.mails.map((offered) => (
              <UseChoice offered={offered} {...props} />
            ))}
          </Choices>
        )}
        <Frequency view={view} texts={texts} />
        <Pause view={view} texts={texts} language={language} fault={pauseFault} />
        {view.data.length > 0 && (
          <Choices id="data" legend={texts.data} hint={texts.dataHint}>
            {view.data.map((offered) => (
              <UseChoice offered={offered} {...props} />
            ))}
          </Choices>
        )}
        {view.others.length > 0 && (
          <Choices id="others" legend={texts.others} hint={texts.othersHint}>
            {view.others.map((other) => (
              <Refusal other={other} texts={texts} language={language} />
            ))}
          </Choices>
        )}
        <SelectField id="language" label={texts.language}>
          {LANGUAGES.map((each) => (
            <option value={each} selected={each === view.chosen.language}>
              {texts.languages[each]}
            </option>
          ))}
        </SelectField>
        <div class="actions">
          <Button>{texts.save}</Button>
        </div>
      </form>
      <section class="aside" aria-labelledby="none-title">
        <h2 id="none-title">{texts.none}</h2>
        <p>{texts.noneHint(brand.controller.name)}</p>
        <form method="post" action={action} class="actions">
          <input type="hidden" name="page" value={pageNonce} />
          <Button name="act" value="none">
            {texts.noneSubmit}
          </Button>
        </form>
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
function ShownBefore({ chosen }: { chosen: Chosen }) {
  const { uses, topics, refused, wish = '', pausedUntil = '', language } = chosen;
  return (
    <>
      <input type="hidden" name="was.uses" value={uses.join(' ')} />
      <input type="hidden" name="was.topics" value={topics.join(' ')} />
      <input type="hidden" name="was.refused" value={refused.join(' ')} />
      <input type="hidden" name="was.wish" value={wish} />
      <input type="hidden" name="was.pausedUntil" value={pausedUntil} />
      <input type="hidden" name="was.language" value={language} />
    </>
  );
}

function UseChoice({ offered, context, view, volume }: ChoicesPageProps & { offered: Offered }) {
  const { language } = context;
  const texts = choicesTextsFor(language);
  const { use, topics, granted, review, wording } = offered;
  return (
    <>
      <Choice
        type="checkbox"
        id={`use-${use.id}`}
        name={`use.${use.id}`}
        value="on"
        label={<strong>{use.name[language]}</strong>}
        hint={review ? texts.review : wording ? `${texts.joinHint} ${wording}` : use.description[language]}
        checked={granted}
      />
      {topics.length > 0 && (
        <fieldset class="within">
          <legend class="off-screen">{texts.topicsOf(use.name[language])}</legend>
          {topics.map(({ id, name, description }) => {
            const sent = volume.get(id);
            const about = [description[language], sent === undefined ? undefined : texts.volume(sent)];
            return (
              <Choice
                type="checkbox"
                id={`topic-${id}`}
                name={`topic.${id}`}
                value="on"
                label={name[language]}
                hint={about.filter(Boolean).join(' · ')}
                checked={view.chosen.topics.includes(id)}
              />
            );
          })}
        </fieldset>
      )}
    </>
  );
}

function Frequency({ view, texts }: { view: ChoicesView; texts: ChoicesTexts }) {
  return (
    <Choices id="often" legend={texts.often}>
      {(['', 'weekly', 'monthly'] as const).map((wish) => (
        <Choice
          type="radio"
          id={`wish-${wish || 'all'}`}
          name="wish"
          value={wish}
          label={texts.wish[wish]}
          checked={(view.chosen.wish ?? '') === wish}
        />
      ))}
    </Choices>
  );
}

type PauseProps = { view: ChoicesView; texts: ChoicesTexts; language: Language; fault: string | undefined };

function Pause({ view: { chosen }, texts, language, fault }: PauseProps) {
  const running = chosen.pausedUntil;
  const ways = ['', ...(running === undefined ? [] : (['keep'] as const)), '1', '3', '6', 'date'] as const;
  const selected = fault !== undefined ? 'date' : running === undefined ? '' : 'keep';
  return (
    <Choices id="pauses" legend={texts.pause} hint={texts.pauseHint}>
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
        value={fault ?? ''}
        optional=" "
        error={fault === undefined ? undefined : texts.pauseDateInvalid}
      />
    </Choices>
  );
}

function Refusal({
  other: { use, since },
  texts,
  language,
}: {
  other: Refusable;
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
      checked={false}
    />
  );
}
