import '@navikt/ds-css/dist/component/tag.css';
import { Tag } from '@navikt/ds-react';
import { useAmount } from '#/figures/amount';
import { lowerIsBetter, targetValue, type Item } from '#/figures/item';
import { Scroll } from '#/figures/Scroll';
import { Verdict } from '#/figures/Verdict';
import figures from '#/figures/messages';
import { useWords } from '#/language/LanguageProvider';
import texts from './messages';

/** Definitions sets the readings of a text that is not plain side by side, and says why they differ. */
export function Definitions({ items, head }: { items: Item[]; head: Item }) {
  const { text } = useWords();
  const verdicts = new Set(items.map((i) => i.verdict).filter((v) => v === 'met' || v === 'not_met'));
  return (
    <section className="stack" aria-labelledby="definitions">
      <h2 id="definitions">{text(texts.definitions)}</h2>
      {items.length > 1 && verdicts.size > 0 && <p>{text(verdicts.size > 1 ? texts.differ : texts.agree)}</p>}
      {head.definition.measure === 'accidents' && <p>{text(texts.whyAccidents)}</p>}
      {head.definition.measure === 'persons' && items.length > 1 && <p>{text(texts.whyPersons)}</p>}
      {head.rule === 'average_yearly_change' && <p>{text(texts.whyMean)}</p>}
      <Scroll label={text(texts.definitions)}>
        <table className="plain-table definitions cards-on-phone">
          <thead>
            <tr>
              <th scope="col">{text(texts.definition)}</th>
              <th scope="col">{text(texts.result)}</th>
              <th scope="col" className="number">{text(texts.actual, { year: String(head.current.year) })}</th>
              <th scope="col" className="number">{text(texts.required)}</th>
              <th scope="col" className="number">{text(texts.actual, { year: String(head.previous.year) })}</th>
            </tr>
          </thead>
          <tbody>
            {items.map((item) => <Row key={item.definition.id + (item.path?.kind ?? '')} item={item} several={items.length > 1} />)}
          </tbody>
        </table>
      </Scroll>
    </section>
  );
}

function Row({ item, several }: { item: Item; several: boolean }) {
  const { text, name } = useWords();
  const { bare, withUnit } = useAmount();
  const target = targetValue(item);
  return (
    <tr>
      <th scope="row">
        {name(item.definition.text)}
        {item.path?.kind === 'mean' && <span className="quiet"> · {text(texts.mean, { year: String(item.path.base_year) })}</span>}
        {item.path?.kind === 'compounded' && <span className="quiet"> · {text(texts.compounded, { year: String(item.path.base_year) })}</span>}
        {several && item.definition.headline && <Tag size="small" variant="outline" className="leading">{text(texts.leading)}</Tag>}
      </th>
      <td>
        <Verdict verdict={item.verdict} />
        {item.reason && <span className="quiet why">{name(item.reason)}</span>}
      </td>
      <td className="number" data-label={text(texts.actual, { year: String(item.current.year) })}>{withUnit(item, item.current.value)}</td>
      <td className="number" data-label={text(texts.required)}>{target === null ? '–' : text(lowerIsBetter(item) ? figures.atMost : figures.atLeast, { count: bare(item, target) })}</td>
      <td className="number" data-label={text(texts.actual, { year: String(item.previous.year) })}>{withUnit(item, item.previous.value)}</td>
    </tr>
  );
}
