import '@navikt/ds-css/dist/component/readmore.css';
import { ReadMore } from '@navikt/ds-react';
import { useWords } from '#/language/LanguageProvider';
import { CoverageStrip } from './CoverageStrip';
import type { Item } from './item';
import texts from './messages';

/** Definition holds, one tap away, how a number is measured, where it comes from and of which moment it is. */
export function Definition({ item }: { item: Item }) {
  const { text, name, moment } = useWords();
  return (
    <ReadMore header={text(texts.aboutFigure)} className="definition">
      <p>{text(texts.howMeasured, { text: name(item.definition.text), version: item.definition.version })}</p>
      {item.threshold && <p>{text(texts.threshold, { text: name(item.threshold.text) })}</p>}
      <p>{text(item.current.source === 'base_figures' ? texts.fromBase : texts.fromReports)}</p>
      {item.current.as_of && <p>{text(texts.asOf, { time: moment(item.current.as_of) })}</p>}
      <CoverageStrip coverage={item.previous_coverage} year={item.previous.year} />
      {item.ratio_interval_reason && <p>{name(item.ratio_interval_reason)}</p>}
    </ReadMore>
  );
}
