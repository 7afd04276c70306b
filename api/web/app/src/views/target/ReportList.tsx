import { Button } from '@navikt/ds-react';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { Answered } from '#/frame/State';
import { Scroll } from '#/figures/Scroll';
import { useWords } from '#/language/LanguageProvider';
import { useKinds } from './Explanation';
import { useReports, type Asked, type Group } from './questions';
import texts from './messages';

/** ReportList is one group of the reports behind a figure, a page at a time. */
export function ReportList({ indicator, asked, year, group, title, onClose }: {
  indicator: string;
  asked: Asked;
  year: number;
  group: Group;
  title: string;
  onClose: () => void;
}) {
  const { text, moment } = useWords();
  const kindsOf = useKinds();
  // Where each page that was seen begins: the way back.
  const [pages, setPages] = useState<(string | undefined)[]>([undefined]);
  const reports = useReports(indicator, asked, year, group, pages.at(-1));
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <section className="stack" aria-labelledby="reports">
      <h3 id="reports" ref={heading} tabIndex={-1}>{text(texts.reports, { group: title })}</h3>
      <Answered of={reports} height={400}>
        {(data) => {
          const next = data.next ? (new URL(data.next, location.origin).searchParams.get('cursor') ?? undefined) : undefined;
          if (data.reports.length === 0) return <p>{text(texts.noReports)}</p>;
          return (
            <>
              <Scroll label={title}>
                <table className="plain-table">
                  <thead>
                    <tr>
                      <th scope="col">{text(texts.report)}</th>
                      <th scope="col">{text(texts.unit)}</th>
                      <th scope="col">{text(texts.received)}</th>
                    </tr>
                  </thead>
                  <tbody>
                    {data.reports.map((r) => (
                      <tr key={r.report_id}>
                        <th scope="row">
                          <Link to="/reports/$id" params={{ id: r.report_id }} className="aksel-link">{kindsOf([r.kind])} …{r.report_id.slice(-6)}</Link>
                        </th>
                        <td>{r.unit}</td>
                        <td>{moment(r.received_at)}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </Scroll>
              <div className="row">
                {pages.length > 1 && <Button variant="secondary" onClick={() => setPages(pages.slice(0, -1))}>{text(texts.previous)}</Button>}
                {next && <Button variant="secondary" onClick={() => setPages([...pages, next])}>{text(texts.next)}</Button>}
                <Button variant="tertiary" onClick={onClose}>{text(texts.close)}</Button>
              </div>
            </>
          );
        }}
      </Answered>
    </section>
  );
}
