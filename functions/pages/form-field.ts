import { type FieldMessage, summaryText } from './field-messages.ts';
import { flag, type Html, html, NOTHING } from './html.ts';

/** A control with its label and, where it is wrong, what is wrong with it. */
export interface Field {
  /** The control's name; its id follows from it. */
  name: string;
  label: string;
  value: string;
  /** Said beside the label where the field may be left empty. */
  optional?: boolean;
  /** Classes of the field's place in its row. */
  place?: string;
  error?: string | undefined;
}

/** Messages by control. */
export type Messages = ReadonlyMap<string, string>;

export const messagesByField = (messages: readonly FieldMessage[]): Messages =>
  new Map(messages.map(({ field, message }) => [field, message]));

/** A control's id: `lines[0].unitPrice` is `lines-0-unitPrice`. The page's script counts on it. */
export const controlId = (name: string): string => name.replace(/\[(\d+)\]/g, '-$1').replaceAll('.', '-');

/** The attributes that every control has: its name, and its message where it is wrong. */
export const controlAttributes = ({ name, error }: Pick<Field, 'name' | 'error'>): Html =>
  html`id="${controlId(name)}" name="${name}" aria-describedby="${controlId(name)}-error"${
    error === undefined ? NOTHING : html` aria-invalid="true"`
  }`;

/** The place of a control's message. It is there while empty, so that the script only fills it. */
export const errorPlace = ({ name, error }: Pick<Field, 'name' | 'error'>): Html =>
  html`<p class="field-error" id="${controlId(name)}-error">${error}</p>`;

const labelled = (field: Field, control: Html): Html =>
  html`<div class="${field.place ?? 'field'}">
<label for="${controlId(field.name)}">${field.label}${
    field.optional ? html` <span class="optional">(optional)</span>` : NOTHING
  }</label>
${control}
${errorPlace(field)}
</div>
`;

/** One line of text. `type` is the control's, with the classes and hints it brings along. */
export const textField = (field: Field, type: 'text' | 'email' | 'date' | 'decimal' = 'text'): Html =>
  labelled(field, html`<input ${controlAttributes(field)} ${INPUT_TYPES[type]} value="${field.value}">`);

const INPUT_TYPES: Record<'text' | 'email' | 'date' | 'decimal', Html> = {
  text: html`type="text" autocomplete="off"`,
  email: html`type="email" autocomplete="off"`,
  date: html`type="date"`,
  decimal: html`type="text" inputmode="decimal" autocomplete="off" class="number"`,
};

/** Several lines of text. A line break after the tag is the parser's, so that a text may begin with one of its own. */
export const multilineField = (field: Field, rows: number, className: string): Html =>
  labelled(
    field,
    html`<textarea ${controlAttributes(field)} rows="${rows}" class="${className}">
${field.value}</textarea>`,
  );

/** A box to tick: its value is sent while it is ticked. */
export const checkField = (field: Field, isTicked: boolean): Html =>
  html`<div class="${field.place ?? 'field'}">
<label class="check"><input type="checkbox" ${controlAttributes(field)} value="${field.value}"${flag('checked', isTicked)}> ${field.label}</label>
${errorPlace(field)}
</div>
`;

/** A choice among options, each with its value and what it is called. */
export const selectField = (field: Field, options: readonly (readonly [string, string])[]): Html =>
  labelled(field, html`<select ${controlAttributes(field)}>${optionList(options, field.value)}</select>`);

export const optionList = (options: readonly (readonly [string, string])[], chosen: string): Html[] =>
  options.map(
    ([value, label]) => html`<option value="${value}"${flag('selected', value === chosen)}>${label}</option>`,
  );

/** Where a message leads: to its control, or to the first line where it is about all of them. */
export const messageTarget = ({ field }: FieldMessage): string =>
  controlId(field === 'lines' ? 'lines[0].description' : field);

/** What is wrong, before the form: each problem leads to its control. Empty but there where nothing is, for the script. */
export const errorSummary = (messages: readonly FieldMessage[]): Html =>
  html`<div class="notice notice-error" id="error-summary" tabindex="-1" role="group" aria-labelledby="error-summary-title"${flag('hidden', messages.length === 0)}${flag('autofocus', messages.length > 0)}>
<h2 id="error-summary-title">Please correct what is marked below</h2>
<ul>${messages.map((message) => html`<li><a href="#${messageTarget(message)}">${summaryText(message)}</a></li>`)}</ul>
</div>
`;
