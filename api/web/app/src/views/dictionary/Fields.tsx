import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useWords } from '#/language/LanguageProvider';
import { source } from '#/language/sources';
import type { Text } from '#/language/text';
import { anchorOf, listAnchor, type Field } from './catalogue';
import { roles } from './roles';
import texts from './messages';

/** Fields are a table on a wide screen, and cards on a phone. The elements are plain ones: a table of
 *  the component library would be made of four times as many parts. */
export function Fields({ fields, label, here }: { fields: Field[]; label: string; here: string }) {
  const { text } = useWords();
  const heads = [texts.member, texts.type, texts.list, texts.source];
  return (
    <table className="cards fields" {...roles.table} aria-label={label}>
      <thead {...roles.group}>
        <tr {...roles.row}>{heads.map((h) => <th key={h.en} scope="col" {...roles.column}>{text(h)}</th>)}</tr>
      </thead>
      <tbody {...roles.group}>{fields.map((f) => <Row key={f.pointer} field={f} here={anchorOf(f) === here} />)}</tbody>
    </table>
  );
}

function Row({ field, here }: { field: Field; here: boolean }) {
  const { text, pick, language } = useWords();
  const anchor = anchorOf(field);
  return (
    <tr id={anchor} {...roles.row} className={here ? 'here' : undefined}>
      <th scope="row" {...roles.header}>
        {pick(field.meaning_vi, field.meaning)}
        <Link to="/dictionary" search={true} hash={anchor} activeOptions={{ includeHash: true }} className="code" aria-label={text(texts.linkTo, { name: field.pointer })}>{broken(field.pointer)}</Link>
      </th>
      <td {...roles.cell}><Kind field={field} /></td>
      <td {...roles.cell} className={values(field) ? undefined : 'empty'}>{values(field)}</td>
      <td {...roles.cell} className="small">
        {source(language, field.source)}
        {field.status === 'UNVERIFIED' && <span className="unverified">{text(texts.unverified)}</span>}
      </td>
    </tr>
  );
}

/** What a number of four bytes holds is no limit that anybody has to know of. */
const anyNumber = 4_294_967_295;

/** A pointer may break behind each of its parts. */
function broken(pointer: string): ReactNode[] {
  return pointer.split('/').slice(1).flatMap((part, i) => [<wbr key={i} />, `/${part}`]);
}

/** What a field takes: its type, and how much of it. */
function Kind({ field }: { field: Field }) {
  const { text, whole } = useWords();
  const type = field.type === 'list' ? texts.listOf : (texts as Record<string, Text>)[field.type];
  const limits = [
    field.required && text(texts.required),
    field.computed && text(texts.computed),
    field.max_length !== undefined && text(texts.maxLength, { n: whole(field.max_length) }),
    field.maximum !== undefined && field.maximum < anyNumber && text(texts.maximum, { n: whole(field.maximum) }),
    field.max_items !== undefined && text(texts.maxItems, { n: whole(field.max_items) }),
    field.private && text(texts.private),
  ].filter(Boolean);
  return (
    <>
      {type ? text(type) : field.type}
      {limits.length > 0 && <span className="limits">{limits.join('; ')}</span>}
    </>
  );
}

/** values are those that a field may have: in words of the API, or a code list. */
function values(field: Field): ReactNode {
  if (field.code_lists?.length) {
    return field.code_lists.map((name) =>
      name === 'rules' ? (
        <Link key={name} to="/rules">{name}</Link>
      ) : (
        <Link key={name} to="/dictionary" hash={listAnchor(name)}>{name}</Link>
      ),
    );
  }
  if (field.values?.length) return <span className="code">{field.values.join(' · ')}</span>;
  return undefined;
}
