/** A form made from a JSON Schema: objects one level deep, everything deeper as JSON. */
import { element, newId } from './element.js';
import { controlOf, isComposed, json, typeOf } from './field.js';

/**
 * @returns `node` to show; `read()` the data, undefined where all was left empty; `showErrors(errors)` puts each beside
 * its field and answers those that have none
 */
export function createForm(schema) {
  const errorsByPointer = new Map();
  const node = element('div');
  let read = () => undefined;
  if (schema !== null && schema !== undefined) {
    const whole = isPlainObject(schema) ? fields(schema, '', errorsByPointer) : wholeAsJson(schema, errorsByPointer);
    node.append(...whole.nodes);
    read = whole.read;
  }
  return { node, read, showErrors: (errors) => showErrors(errors, errorsByPointer) };
}

function isPlainObject(schema) {
  return typeOf(schema) === 'object' && typeof schema.properties === 'object' && !isComposed(schema);
}

function wholeAsJson(schema, errorsByPointer) {
  const made = field(schema.title ?? 'Data', schema, '', { required: false, control: json, errorsByPointer });
  return { nodes: [made.node], read: made.read };
}

/** The fields of an object, in their order. */
function fields(schema, pointer, errorsByPointer) {
  const made = Object.entries(schema.properties).map(([name, property]) => {
    const at = `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    const required = schema.required?.includes(name) === true;
    const label = property.title ?? name;
    if (pointer === '' && isPlainObject(property)) {
      const inner = fields(property, at, errorsByPointer);
      return { name, node: element('fieldset', {}, element('legend', {}, label), ...inner.nodes), read: inner.read };
    }
    return { name, ...field(label, property, at, { required, control: controlOf, errorsByPointer }) };
  });
  const read = () => {
    const values = made
      .map(({ name, read: readField }) => [name, readField()])
      .filter(([, value]) => value !== undefined);
    return values.length === 0 ? undefined : Object.fromEntries(values);
  };
  return { nodes: made.map(({ node }) => node), read };
}

function field(label, schema, pointer, { required, control, errorsByPointer }) {
  const [id, aboutId, errorId] = [newId(), newId(), newId()];
  const made = control(schema, { id, required, 'aria-describedby': `${aboutId} ${errorId}` });
  if (schema.default !== undefined) made.fill(schema.default);
  const error = element('p', { id: errorId, class: 'problem' });
  errorsByPointer.set(pointer, { node: made.node, error });
  const name = element('label', { for: id }, required ? `${label} (required)` : label);
  const about = element('p', { id: aboutId, class: 'note' }, schema.description ?? '');
  const parts = made.node.type === 'checkbox' ? [made.node, ' ', name] : [name, made.node];
  return { node: element('div', { class: 'field' }, ...parts, about, error), read: made.read };
}

function showErrors(errors, errorsByPointer) {
  for (const { node, error } of errorsByPointer.values()) {
    error.textContent = '';
    node.removeAttribute('aria-invalid');
  }
  return errors.filter(({ pointer, message }) => {
    const place = errorsByPointer.get(pointer) ?? errorsByPointer.get(pointer.replace(/^\/data/, ''));
    if (place === undefined) return true;
    place.error.textContent = message;
    place.node.setAttribute('aria-invalid', 'true');
    return false;
  });
}
