/** One field of a form, made from its JSON Schema: a control, how to fill it and how to read it. */
import { element } from './element.js';

/** Longer texts than this get several lines. */
const ONE_LINE = 120;
const INPUT_TYPES = { date: 'date', time: 'time', 'date-time': 'datetime-local', email: 'email', uri: 'url' };

/**
 * The control of a field: `node` to show, `read()` its value (undefined where it was left empty), `fill(value)`.
 * What has no control of its own is written as JSON.
 */
export function controlOf(schema, attributes) {
  const type = typeOf(schema);
  if (Array.isArray(schema.enum)) return choice(schema, attributes);
  if (isComposed(schema)) return json(schema, attributes);
  if (type === 'boolean') return checkbox(attributes);
  if (type === 'integer' || type === 'number') return number(schema, type, attributes);
  if (type === 'string') return text(schema, attributes);
  if (type === 'array' && typeOf(schema.items ?? {}) === 'string') return lines(attributes);
  return json(schema, attributes);
}

/** The one type of a value; `["string", "null"]` counts as a string that may be left empty. */
export function typeOf(schema) {
  return Array.isArray(schema.type) ? schema.type.find((type) => type !== 'null') : schema.type;
}

/** Whether the schema says more than a plain form can show. */
export function isComposed(schema) {
  return ['$ref', 'oneOf', 'anyOf', 'allOf', 'if'].some((keyword) => keyword in schema);
}

function choice(schema, attributes) {
  const options = schema.enum.map((value, i) => element('option', { value: i }, String(value)));
  const node = element('select', attributes, element('option', { value: '' }, '–'), ...options);
  return {
    node,
    read: () => (node.value === '' ? undefined : schema.enum[Number(node.value)]),
    fill: (value) => {
      node.value = String(schema.enum.indexOf(value));
    },
  };
}

function checkbox(attributes) {
  // A box that must be ticked isn't what `required` means in JSON Schema.
  const node = element('input', { ...attributes, type: 'checkbox', required: false });
  return {
    node,
    read: () => node.checked,
    fill: (value) => {
      node.checked = value === true;
    },
  };
}

function number(schema, type, attributes) {
  const { minimum: min, maximum: max, multipleOf } = schema;
  const step = multipleOf ?? (type === 'integer' ? 1 : 'any');
  const inputmode = type === 'integer' ? 'numeric' : 'decimal';
  const node = element('input', { type: 'number', step, min, max, inputmode, ...attributes });
  return plain(node, (written) => Number(written));
}

function text(schema, attributes) {
  const { minLength: minlength, maxLength: maxlength, format, pattern } = schema;
  if (maxlength > ONE_LINE) return plain(element('textarea', { rows: 4, minlength, maxlength, ...attributes }));
  const node = element('input', { type: INPUT_TYPES[format] ?? 'text', minlength, maxlength, ...attributes });
  // A pattern of JSON Schema may stand anywhere in the text, one of HTML is the whole.
  if (pattern !== undefined) node.pattern = `.*(?:${pattern}).*`;
  if (format !== 'date-time') return plain(node);
  const control = plain(node, (written) => new Date(written).toISOString());
  return { ...control, fill: (value) => control.fill(localTime(value)) };
}

function lines(attributes) {
  const node = element('textarea', { rows: 3, placeholder: 'one on each line', ...attributes });
  return {
    node,
    read: () => {
      const written = node.value.split('\n').map((line) => line.trim());
      const values = written.filter((line) => line !== '');
      return values.length === 0 ? undefined : values;
    },
    fill: (value) => {
      node.value = value.join('\n');
    },
  };
}

/** A value that is written as JSON; what isn't JSON is told by the browser before anything is sent. */
export function json(_schema, attributes) {
  const node = element('textarea', { rows: 5, spellcheck: 'false', placeholder: 'JSON', ...attributes });
  const read = () => (node.value.trim() === '' ? undefined : JSON.parse(node.value));
  node.addEventListener('input', () => {
    try {
      read();
      node.setCustomValidity('');
    } catch (error) {
      node.setCustomValidity(`That is not JSON: ${error.message}`);
    }
  });
  return {
    node,
    read,
    fill: (value) => {
      node.value = JSON.stringify(value, null, 2);
    },
  };
}

function plain(node, parse = (written) => written) {
  return {
    node,
    read: () => (node.value === '' ? undefined : parse(node.value)),
    fill: (value) => {
      node.value = String(value);
    },
  };
}

/** A point in time as `datetime-local` wants it: on this person's clock, without a zone. */
function localTime(iso) {
  const time = new Date(iso);
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
