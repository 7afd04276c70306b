import { useCodeList } from '#/api/codelists';
import type { Field } from '#/api/dictionary';
import { useWords } from '#/language/LanguageProvider';
import type { Text } from '#/language/text';
import texts from './messages';
import { asField, fieldOf } from './places';

interface Naming {
  kind: string;
  fields: Field[];
}

/** Value writes a value of a submission in words: codes by their lists, members by the dictionary. */
export function Value({ value, pointer, naming }: { value: unknown; pointer: string; naming: Naming }) {
  const { text } = useWords();
  if (value === null || value === undefined) return <span className="quiet">{text(texts.none)}</span>;
  if (Array.isArray(value)) return <ul className="values">{value.map((one, i) => <li key={i}><Value value={one} pointer={`${pointer}/${i}`} naming={naming} /></li>)}</ul>;
  if (typeof value === 'object') return <Members of={value as Record<string, unknown>} pointer={pointer} naming={naming} />;
  return <Scalar value={value as string | number | boolean} field={fieldAt(pointer, naming)} />;
}

// A list of texts has one field, and none for its members.
const fieldAt = (pointer: string, { kind, fields }: Naming): Field | undefined => fieldOf(asField(pointer), kind, fields) ?? fieldOf(asField(pointer).replace(/\/\*$/, ''), kind, fields);

function Members({ of, pointer, naming }: { of: Record<string, unknown>; pointer: string; naming: Naming }) {
  const { pick } = useWords();
  return (
    <ul className="values">
      {Object.entries(of).map(([member, value]) => {
        const field = fieldAt(`${pointer}/${member}`, naming);
        return (
          <li key={member}>
            <span className="quiet">{field ? pick(field.meaning_vi, field.meaning) : member}:</span> <Value value={value} pointer={`${pointer}/${member}`} naming={naming} />
          </li>
        );
      })}
    </ul>
  );
}

function Scalar({ value, field }: { value: string | number | boolean; field: Field | undefined }) {
  const { text, day, moment, decimal, whole } = useWords();
  if (typeof value === 'boolean') return <>{text(value ? texts.yes : texts.no)}</>;
  if (typeof value === 'number') return <>{Number.isInteger(value) ? whole(value) : decimal(value, 2)}</>;
  if (field?.type === 'date') return <>{day(value)}</>;
  if (field?.type === 'time') return <>{moment(value)}</>;
  const [list] = field?.code_lists ?? [];
  if (list !== undefined) return <Coded code={value} lists={field?.code_lists ?? []} />;
  // Only what the dictionary lists as a value of the field is a code, and no text that looks like one.
  const word = field?.values?.includes(value) ? (texts as Record<string, Text>)[value] : undefined;
  return <>{word ? text(word) : value}</>;
}

// Lists that the operator loads, and those of other versions, may not name it: then the code stands alone.
function Coded({ code, lists }: { code: string; lists: string[] }) {
  const { name } = useWords();
  const found = useCodeList(lists[0]!).data?.codes?.filter((c) => c.code === code) ?? [];
  const names = new Set(lists.length === 1 ? found.map((c) => name(c)) : []);
  return names.size === 1 ? <>{[...names][0]} ({code})</> : <>{code}</>;
}
