import { useWords } from '#/language/LanguageProvider';
import { columnText, groups } from './names';
import texts from './messages';

/** The two levels of columns of table I. */
export function TableHead() {
  const { text } = useWords();
  return (
    <thead>
      <tr>
        <th scope="col" rowSpan={2} className="first">{text(texts.indicator)}</th>
        {groups.map((g) => <th key={g.columns[0]} scope="colgroup" colSpan={g.columns.length} className="starts">{text(g.text)}</th>)}
      </tr>
      <tr>
        {groups.flatMap((g) => g.columns.map((m, i) => <th key={m} scope="col" className={i === 0 ? 'starts' : undefined}>{text(columnText(m))}</th>))}
      </tr>
    </thead>
  );
}
