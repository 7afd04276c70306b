import { Button } from '@navikt/ds-react';
import { useState } from 'react';
import type { Schemas } from '#/api/client';
import { Answered } from '#/frame/State';
import { Scroll } from '#/figures/Scroll';
import { ValueInterval } from '#/figures/ValueInterval';
import { useWords } from '#/language/LanguageProvider';
import { ReportList } from './ReportList';
import { groupOf, useExplanation, type Asked, type Group } from './questions';
import texts from './messages';

/** Explanation tells what a figure is made of: the formula with its numbers, and every report that is in or out, with the reason. */
export function Explanation({ indicator, asked, year }: { indicator: string; asked: Asked; year: number }) {
  const { text, name } = useWords();
  const explained = useExplanation(indicator, asked, year);
  const [shown, setShown] = useState<{ group: Group; title: string }>();
  return (
    <section className="stack" aria-labelledby="made">
      <h2 id="made">{text(texts.made)}</h2>
      <Answered of={explained} height={320}>
        {(data) => (
          <>
            <p>{text(texts.formula, { formula: name(data.indicator.formula) })}</p>
            <p>{text(texts.valueIs)} <ValueInterval of={data.value} /></p>
            {data.calculation && data.value.denominator !== null && <p>{text(texts.calculation, { calculation: data.calculation })}</p>}
            {data.sources.map((source) => (
              <Source key={source.roles.join() + source.measure} source={source} onShow={(group, title) => setShown({ group, title })} />
            ))}
            {shown && <ReportList key={shown.group.code + shown.group.role} indicator={indicator} asked={asked} year={year} group={shown.group} title={shown.title} onClose={() => setShown(undefined)} />}
          </>
        )}
      </Answered>
    </section>
  );
}

function Source({ source, onShow }: { source: Schemas['IndicatorCounting']; onShow: (group: Group, title: string) => void }) {
  const { text, name, whole } = useWords();
  const kinds = useKinds()(source.kinds);
  const number = (n: number | null) => (n === null ? '–' : whole(n));
  const counted = source.reports ? groupOf(source.reports) : undefined;
  return (
    <div className="stack">
      <h3>{text(texts.kindsOf, { kinds })}</h3>
      {source.reason && <p className="quiet">{name(source.reason)}</p>}
      <Scroll label={text(texts.kindsOf, { kinds })}>
        <table className="plain-table made">
          <thead>
            <tr>
              <th scope="col">{text(texts.group)}</th>
              <th scope="col" className="number">{text(texts.number)}</th>
              <td />
            </tr>
          </thead>
          <tbody>
            <tr>
              <th scope="row">{text(texts.filed)}</th>
              <td className="number">{number(source.filed)}</td>
              <td />
            </tr>
            <tr>
              <th scope="row">{text(texts.counted)}</th>
              <td className="number">{number(source.counted)}</td>
              <td />
            </tr>
            {source.left_out.map((left) => {
              const group = left.reports ? groupOf(left.reports) : undefined;
              const title = text(texts.leftOut, { reason: name(left) });
              return (
                <tr key={left.code}>
                  <th scope="row">{title}</th>
                  <td className="number">{whole(left.filings)}</td>
                  <td>
                    {group && (
                      <Button variant="tertiary" size="small" onClick={() => onShow(group, title)} aria-label={text(texts.seeTheseOf, { reason: name(left) })}>
                        {text(texts.seeThese)}
                      </Button>
                    )}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </Scroll>
      {counted && (
        <div>
          <Button onClick={() => onShow(counted, text(texts.counted))}>{text(texts.seeCounted)}</Button>
        </div>
      )}
    </div>
  );
}

/** useKinds writes kinds of report by their short names; one without a name by its code. */
export function useKinds() {
  const { text } = useWords();
  return (kinds: string[]): string => kinds.map((k) => (k in texts ? text(texts[k as keyof typeof texts]) : k)).join(', ');
}
