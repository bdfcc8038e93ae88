import type { Child, PropsWithChildren } from 'hono/jsx';

type Described = { id: string; hint?: string | undefined; error?: string | undefined };

/** Wires a control to its hint and its error for assistive technology (WCAG 3.3.1, 4.1.2). */
function description({ id, hint, error }: Described) {
  const ids = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  return { 'aria-describedby': ids || undefined, 'aria-invalid': error ? 'true' : undefined };
}

function HintAndError({ id, hint, error }: Described) {
  return (
    <>
      {hint && (
        <span class="hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      {error && (
        <span class="error" id={`${id}-error`}>
          {error}
        </span>
      )}
    </>
  );
}

type FieldProps = Described & {
  name?: string;
  label: string;
  /** Set where the field may stay empty: the word for it. */
  optional?: string | undefined;
  autocomplete?: string | undefined;
  children?: Child;
};

function Field({ children, ...props }: FieldProps) {
  return (
    <div class="field">
      <label for={props.id}>
        {props.label} {props.optional && <span class="quiet">{props.optional}</span>}
      </label>
      <HintAndError {...props} />
      {children}
    </div>
  );
}

/** A line of text with label, hint and error. Children stand below it, for example a suggestion. */
export function TextField({
  children,
  ...props
}: FieldProps & {
  type?: 'text' | 'email' | 'date';
  value: string;
  maxlength?: number;
  inputmode?: 'numeric';
}) {
  const { id, name = id, type = 'text' } = props;
  return (
    <Field {...props}>
      <input
        id={id}
        name={name}
        type={type}
        value={props.value}
        required={!props.optional}
        autocomplete={props.autocomplete}
        maxlength={props.maxlength}
        inputmode={props.inputmode}
        {...description(props)}
      />
      {children}
    </Field>
  );
}

/** Several lines of text with label, hint and error. */
export function TextArea(props: FieldProps & { value: string; maxlength: number }) {
  const { id, name = id } = props;
  return (
    <Field {...props}>
      <textarea
        id={id}
        name={name}
        rows={4}
        required={!props.optional}
        maxlength={props.maxlength}
        {...description(props)}
      >
        {props.value}
      </textarea>
    </Field>
  );
}

/** A closed choice in one line; children are its options. */
export function SelectField({ children, ...props }: PropsWithChildren<FieldProps>) {
  const { id, name = id } = props;
  return (
    <Field {...props}>
      <select
        id={id}
        name={name}
        required={!props.optional}
        autocomplete={props.autocomplete}
        {...description(props)}
      >
        {children}
      </select>
    </Field>
  );
}

type ChoiceProps = Described & {
  type: 'checkbox' | 'radio';
  name: string;
  value: string;
  label: Child;
  checked: boolean;
  required?: boolean;
};

/** One box or radio button; the whole row is its target. */
export function Choice(props: ChoiceProps) {
  const { id, type, name, value, checked, label, required = false } = props;
  return (
    <label class="choice" for={id}>
      <input
        id={id}
        type={type}
        name={name}
        value={value}
        checked={checked}
        required={required}
        {...description(props)}
      />
      <span>
        <span>{label}</span>
        <HintAndError {...props} />
      </span>
    </label>
  );
}

/** Choices that answer one question. */
export function Choices({
  id,
  legend,
  hint,
  error,
  children,
}: PropsWithChildren<{ id: string; legend: string; hint?: string; error?: string | undefined }>) {
  return (
    <fieldset id={id} tabindex={-1} aria-describedby={description({ id, hint, error })['aria-describedby']}>
      <legend>{legend}</legend>
      <HintAndError id={id} hint={hint} error={error} />
      {children}
    </fieldset>
  );
}

export type SummaryEntry = { text: string; href?: string | undefined };

/** What is left to do, on top of a form that came back: takes the focus and leads to each field (WCAG 3.3.1). */
export function ErrorSummary({ title, entries }: { title: string; entries: SummaryEntry[] }) {
  return (
    <div class="summary" role="alert" tabindex={-1} autofocus aria-labelledby="summary-title">
      <h2 id="summary-title">{title}</h2>
      <ul>
        {entries.map(({ text, href }) => (
          <li>{href ? <a href={href}>{text}</a> : text}</li>
        ))}
      </ul>
    </div>
  );
}

/** A field that people leave alone and simple robots fill in. Labelled, because screen readers may meet it. */
export function Honeypot({ name, label }: { name: string; label: string }) {
  return (
    <div class="off-screen">
      <label for={name}>{label}</label>
      <input id={name} name={name} type="text" value="" autocomplete="off" tabindex={-1} />
    </div>
  );
}

type PageFormProps = PropsWithChildren<{ action: string; nonce: string; class?: string; id?: string }>;

/** A form that posts what its page was signed with: without it, a post changes nothing (T9). */
export function PageForm({ nonce, children, ...form }: PageFormProps) {
  return (
    <form method="post" {...form}>
      <input type="hidden" name="page" value={nonce} />
      {children}
    </form>
  );
}

type ButtonProps = PropsWithChildren<{ secondary?: boolean; name?: string; value?: string }>;

/** Both kinds have the same size: saying no is as easy as saying yes. */
export function Button({ secondary = false, name, value, children }: ButtonProps) {
  return (
    <button type="submit" class={secondary ? 'button secondary' : 'button'} name={name} value={value}>
      {children}
    </button>
  );
}
