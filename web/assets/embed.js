/**
 * <assent-form form="newsletter" lang="de">…a plain form…</assent-form>
 *
 * Replaces the plain form inside by one that answers in place. Without JavaScript, or where loading fails, the
 * plain form stays. Draws into the page itself, so the page's fonts, colours and form styles apply.
 */
(() => {
  const script = document.currentScript ?? document.querySelector('script[src*="/embed.js"]');
  const server = script ? new URL(script.src, document.baseURI).origin : location.origin;
  const AUTOCOMPLETE = {
    email: 'email',
    firstName: 'given-name',
    lastName: 'family-name',
    company: 'organization',
  };
  let count = 0;

  // The lowest layer: any style of the page wins.
  const STYLES = `@layer assent {
    assent-form :is(form, .assent-field) { display: grid; gap: .5em; margin-block: 0 1em; }
    assent-form :is(input:not([type=checkbox]), select, button) {
      font: inherit; padding: .5em .75em; min-height: 44px; box-sizing: border-box; max-width: 100%; }
    assent-form fieldset { margin: 0 0 1em; min-width: 0; }
    assent-form .assent-choice { display: flex; gap: .75em; align-items: start; margin-block: .5em; min-height: 24px; }
    assent-form .assent-choice input { flex: none; width: 1.25em; height: 1.25em; margin: .1em 0 0; }
    assent-form .assent-error { display: block; font-weight: 600; }
    assent-form .assent-summary { border: 2px solid; padding: .75em 1em; }
    assent-form small { display: block; }
    assent-form .assent-trap { position: absolute; inset-inline-start: -200vw; width: 1px; overflow: hidden; }
  }`;

  /** Builds an element. Text only ever becomes a text node. */
  function el(name, attributes, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (typeof value === 'function') element.addEventListener(key, value);
      else if (value !== undefined && value !== false) element.setAttribute(key, value === true ? '' : value);
    }
    element.append(...children.filter(Boolean));
    return element;
  }

  /** What somebody has typed and ticked already; never a box that came ticked. */
  function readPlainForm(form) {
    const values = new Map();
    for (const { name, value } of form?.querySelectorAll('input:not([type=hidden],[type=checkbox]),select') ??
      []) {
      values.set(name, value);
    }
    const boxes = [...(form?.querySelectorAll('[type=checkbox]:checked:not([checked])') ?? [])];
    return {
      text: (name) => values.get(name) ?? '',
      ticked: (value) => boxes.some((box) => box.value === value),
    };
  }

  class AssentForm extends HTMLElement {
    connectedCallback() {
      if (this.idPrefix) return;
      this.idPrefix = `assent-${(count += 1)}-`;
      // Where the script ran first, the parser has not read the plain form yet.
      if (document.readyState !== 'loading') void this.load();
      else document.addEventListener('DOMContentLoaded', () => void this.load());
    }

    get page() {
      return `${server}/forms/${encodeURIComponent(this.getAttribute('form') ?? '')}`;
    }

    async fetchDefinition() {
      const language = this.closest('[lang]')?.getAttribute('lang') ?? '';
      const response = await fetch(`${this.page}.json?lang=${encodeURIComponent(language.slice(0, 2))}`, {
        credentials: 'omit',
      });
      if (!response.ok) throw new Error(`no form: ${response.status}`);
      return response.json();
    }

    async load() {
      try {
        this.definition = await this.fetchDefinition();
      } catch {
        if (this.childElementCount === 0) this.append(el('a', { href: this.page }, this.page));
        return;
      }
      const held = this.contains(document.activeElement) && document.activeElement.name;
      this.draw(readPlainForm(this.querySelector('form')));
      if (held) this.form.elements[held]?.focus();
    }

    draw(values) {
      const { definition } = this;
      const { texts, privacy } = definition;
      const topics = definition.topics.map(({ id, name, description }) =>
        this.drawChoice('topics', { id, label: [name, el('small', {}, description)] }, values),
      );
      const uses = definition.uses.map(({ use, wording, required }) =>
        this.drawChoice('uses', { id: use, label: [wording], required }, values),
      );
      this.note = el('div', {});
      this.trap = el('input', {
        name: 'website',
        id: this.idOf('website'),
        autocomplete: 'off',
        tabindex: '-1',
      });
      this.button = el('button', { type: 'submit' }, texts.submit);
      this.form = el(
        'form',
        { novalidate: true, lang: definition.language, submit: (event) => this.submit(event) },
        this.note,
        this.drawField({ name: 'email', label: definition.email.label, required: true }, values),
        ...definition.fields.map((field) => this.drawField(field, values)),
        topics.length > 0 && this.drawChoices('topics', texts.topics, topics),
        this.drawChoices('uses', texts.uses, uses),
        el('div', { class: 'assent-trap' }, el('label', { for: this.trap.id }, texts.leaveEmpty), this.trap),
        this.button,
        el('small', {}, `${texts.after} ${privacy.text}`, el('a', { href: privacy.url }, privacy.link), '.'),
      );
      this.replaceChildren(this.form);
    }

    /** With a fresh timestamp and as it is now; a tick belongs to the wording it was set for. */
    async redraw() {
      const { text, ticked } = readPlainForm(this.form);
      const shown = new Map(this.definition.uses.map(({ use, wording }) => [use, wording]));
      this.definition = await this.fetchDefinition();
      const changed = this.definition.uses.filter(({ use, wording }) => shown.get(use) !== wording);
      this.draw({ text, ticked: (id) => ticked(id) && !changed.some(({ use }) => use === id) });
    }

    drawField({ name, label, required, options }, values) {
      const id = this.idOf(name);
      const value = values.text(name);
      const shared = { id, name, required, autocomplete: AUTOCOMPLETE[name] ?? name };
      const control = options
        ? el('select', shared, el('option', { value: '' }, this.definition.texts.choose))
        : el('input', { ...shared, type: name === 'email' ? name : 'text', value });
      for (const [code, text] of options ?? []) {
        control.append(el('option', { value: code, selected: code === value }, text));
      }
      const optional = required ? '' : ` ${this.definition.texts.optional}`;
      return el('div', { class: 'assent-field' }, el('label', { for: id }, label + optional), control);
    }

    drawChoices(name, legend, choices) {
      return el('fieldset', { id: this.idOf(name), tabindex: '-1' }, el('legend', {}, legend), ...choices);
    }

    drawChoice(name, { id, label, required }, values) {
      const shared = { type: 'checkbox', id: this.idOf(`${name}-${id}`), name, value: id, required };
      const box = el('input', shared);
      box.checked = values.ticked(id);
      return el('label', { class: 'assent-choice', for: box.id }, box, el('span', {}, ...label));
    }

    idOf(name) {
      return this.idPrefix + name;
    }

    submit(event) {
      event.preventDefault();
      // Sending an address once more that we asked about means: it is right.
      const email = this.form.elements.email.value;
      void this.send(this.asked === email ? { acceptAddress: true } : {});
    }

    async send(more) {
      if (this.busy) return;
      this.busy = true;
      this.button.setAttribute('aria-disabled', 'true');
      try {
        const response = await fetch(this.definition.action, {
          method: 'POST',
          credentials: 'omit',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify({ ...this.collect(), ...more }),
        });
        if (response.ok) this.finish();
        else await this.explain(await response.json());
      } catch {
        this.say([{ detail: this.definition.texts.failed }]);
      }
      this.busy = false;
      this.button.removeAttribute('aria-disabled');
    }

    collect() {
      const data = new FormData(this.form);
      const names = ['email', ...this.definition.fields.map(({ name }) => name), 'website'];
      return {
        ...Object.fromEntries(names.map((name) => [name, data.get(name)])),
        uses: data.getAll('uses'),
        topics: data.getAll('topics'),
        lang: this.definition.language,
        ts: this.definition.ts,
        thankYou: this.getAttribute('thank-you') ?? undefined,
      };
    }

    async explain({ errors = [], detail }) {
      const stale = errors.some(({ pointer, code }) => pointer === '/ts' && code !== 'too-fast');
      if (stale) await this.redraw();
      this.trap.value = '';
      this.asked = errors.some(({ suggestion }) => suggestion) ? this.form.elements.email.value : undefined;
      this.say(errors.length > 0 ? errors : [{ detail: detail ?? this.definition.texts.failed }]);
    }

    /** What is left to do: on top, with the focus and links to each field, and at the field. */
    say(errors) {
      const { texts, title } = this.definition;
      for (const old of this.querySelectorAll('.assent-error')) old.remove();
      for (const old of this.querySelectorAll('[aria-invalid]')) {
        old.removeAttribute('aria-invalid');
        old.removeAttribute('aria-describedby');
      }
      const entries = errors.map((error) => el('li', {}, this.mark(error)));
      const heading = texts.summaries[errors.length - 1] ?? '';
      const summary = el(
        'div',
        { class: 'assent-summary', role: 'alert', tabindex: '-1' },
        this.querySelector('.assent-error') ? el('strong', {}, heading) : el('a', { href: this.page }, title),
        el('ul', {}, ...entries),
      );
      this.note.replaceChildren(summary);
      summary.focus();
    }

    mark({ pointer = '', detail, suggestion }) {
      const control = this.controlAt(pointer.slice(1));
      if (!control) return detail;
      const id = `${control.id}-error`;
      const text = el('span', { class: 'assent-error', id }, detail);
      if (suggestion) text.append(...this.drawSuggestion(suggestion));
      control.setAttribute('aria-invalid', 'true');
      control.setAttribute('aria-describedby', id);
      if (control.type === 'checkbox') control.nextElementSibling.append(text);
      else if (control.matches('fieldset')) control.firstElementChild.after(text);
      else control.after(text);
      const jump = (event) => {
        event.preventDefault();
        control.focus();
      };
      return el('a', { href: `#${control.id}`, click: jump }, detail);
    }

    controlAt(name) {
      if (name === 'uses')
        return this.form.querySelector('[name=uses]:required:not(:checked)') ?? this.fieldset(name);
      return name === 'topics'
        ? this.fieldset(name)
        : this.form.querySelector(`.assent-field > #${CSS.escape(this.idOf(name))}`);
    }

    fieldset(name) {
      return this.form.querySelector(`fieldset#${this.idOf(name)}`);
    }

    drawSuggestion(suggestion) {
      const { texts } = this.definition;
      const take = () => {
        this.form.elements.email.value = suggestion;
        void this.send({});
      };
      const label = texts.suggestion.replace('{address}', () => suggestion);
      return [' ', el('button', { type: 'button', click: take }, label), el('small', {}, texts.keep)];
    }

    finish() {
      const { texts } = this.definition;
      const done = el(
        'div',
        { role: 'status', tabindex: '-1' },
        el('strong', {}, texts.done),
        el('p', {}, texts.doneText),
      );
      this.replaceChildren(done);
      done.focus();
      this.dispatchEvent(new CustomEvent('assent-signup', { bubbles: true }));
      // The server has just accepted it as one of the form's own pages.
      if (this.hasAttribute('thank-you')) location.assign(this.getAttribute('thank-you'));
    }
  }

  if (customElements.get('assent-form')) return;
  // Constructed sheets need no permission from the page's content security policy.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLES);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  customElements.define('assent-form', AssentForm);
})();
