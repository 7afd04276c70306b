import { Link, useSearch } from '@tanstack/react-router';
import { useAmount } from '#/figures/amount';
import { areaKey, byGap, lowerIsBetter, targetValue, type Item } from '#/figures/item';
import { Standing } from '#/figures/Standing';
import { Verdict } from '#/figures/Verdict';
import { useWords } from '#/language/LanguageProvider';
import texts from './messages';

/** Ranking lists the provinces, the farthest from the target first. */
export function Ranking({ items, chosen }: { items: Item[]; chosen: string }) {
  const search = useSearch({ from: '/attainment' });
  const { text, name } = useWords();
  const { bare } = useAmount();
  const required = (item: Item) => {
    const target = targetValue(item);
    return target === null ? '–' : text(lowerIsBetter(item) ? texts.atMost : texts.atLeast, { n: bare(item, target) });
  };
  return (
    <table className="plain-table ranking" aria-label={text(texts.provinces)}>
      <thead>
        <tr>
          <th scope="col">{text(texts.province)}</th>
          <th scope="col" className="number">{text(texts.actual)}</th>
          <th scope="col" className="number">{text(texts.required)}</th>
          <th scope="col" className="wide-only">{text(texts.standing)}</th>
          <th scope="col">{text(texts.verdict)}</th>
        </tr>
      </thead>
      <tbody>
        {[...items].sort(byGap).map((item) => (
          <tr key={areaKey(item.area)} className={areaKey(item.area) === chosen ? 'chosen' : undefined}>
            <th scope="row">
              {item.area.level === 'province' ? (
                <Link to="/attainment" search={{ ...search, area: areaKey(item.area) }} className="aksel-link">{name(item.area.name)}</Link>
              ) : (
                name(item.area.name)
              )}
            </th>
            <td className="number">{bare(item, item.current.value)}</td>
            <td className="number">{required(item)}</td>
            <td className="wide-only"><Standing item={item} /></td>
            <td>
              <Verdict verdict={item.verdict} />
              {item.within_noise && (
                <span className="quiet noise">
                  <span aria-hidden>~</span>
                  <span className="visually-hidden">{text(texts.withinNoise)}</span>
                </span>
              )}
              {item.reason && <span className="quiet why">{name(item.reason)}</span>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
