import type { Schema } from './openapi.ts';

/** A sentence with names of the API between backticks. */
export function Prose({ text }: { text: string }) {
  return <>{text.split('`').map((part, at) => (at % 2 === 1 ? <code>{part}</code> : part))}</>;
}

/** What a value may be: its kind and limits, and what is inside of it. */
export function SchemaView({ schema }: { schema: Schema }) {
  const { description } = schema;
  return (
    <>
      <span class="kind"> {kindOf(schema)}</span>
      {description && (
        <span>
          {' '}
          <Prose text={description} />
        </span>
      )}
      <Inside schema={schema} />
    </>
  );
}

function Inside({ schema }: { schema: Schema }) {
  const { properties, required = [], additionalProperties, items } = schema;
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices) {
    return (
      <ul class="choices">
        {choices.filter(isSchema).map((choice) => (
          <li>
            <SchemaView schema={choice} />
          </li>
        ))}
      </ul>
    );
  }
  if (properties) {
    return (
      <ul class="members">
        {Object.entries(properties).map(([name, member]) => (
          <li>
            <code>{name}</code>
            {!required.includes(name) && <span class="quiet"> optional</span>}
            {isSchema(member) && <SchemaView schema={member} />}
          </li>
        ))}
      </ul>
    );
  }
  // Of a list or a map its elements' insides are shown; their kind stands in its own.
  const element = [items, additionalProperties].flat().find(isSchema);
  return element ? <Inside schema={element} /> : null;
}

/** `text, at most 40`, `list of at most 1000: object`, `one of "a", "b"`. */
export function kindOf(schema: Schema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return `one of ${schema.enum.map((value) => JSON.stringify(value)).join(', ')}`;
  if (schema.oneOf ?? schema.anyOf) return 'one of these:';
  return [baseKind(schema), ...limits(schema)].join(', ');
}

function baseKind({ type, format, items, additionalProperties, minItems, maxItems }: Schema): string {
  switch (type) {
    case 'string':
      return format ?? 'text';
    case 'array': {
      const count = range(minItems, maxItems);
      const elements = [items].flat().find(isSchema);
      return `list${count && ` of ${count}`}${elements ? `: ${kindOf(elements)}` : ''}`;
    }
    case 'object':
      return isSchema(additionalProperties) ? `map to ${kindOf(additionalProperties)}` : 'object';
    case 'boolean':
    case 'integer':
    case 'null':
    case 'number':
    case undefined:
    default:
      return [type ?? 'anything'].flat().join(' or ');
  }
}

function limits({
  type,
  minimum,
  maximum,
  minLength,
  maxLength,
  pattern,
  default: preset,
}: Schema): string[] {
  const size = type === 'string' ? range(minLength, maxLength, 'characters') : range(minimum, maximum);
  const form = pattern === undefined ? '' : `like ${pattern}`;
  const unset = preset === undefined ? '' : `${JSON.stringify(preset)} unless told`;
  return [size, form, unset].filter((part) => part !== '');
}

function range(least: number | undefined, most: number | undefined, unit = ''): string {
  const from = least === undefined || least === 0 ? '' : `at least ${least}`;
  const to = most === undefined ? '' : `at most ${most}`;
  const text = [from, to].filter(Boolean).join(', ');
  return text && unit ? `${text} ${unit}` : text;
}

function isSchema(value: unknown): value is Schema {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0
  );
}
