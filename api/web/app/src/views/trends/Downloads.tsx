import '@navikt/ds-css/dist/component/actionmenu.css';
import { ActionMenu, Alert, Button } from '@navikt/ds-react';
import { DownloadIcon } from '@navikt/aksel-icons';
import { useState, type RefObject } from 'react';
import { useWords } from '#/language/LanguageProvider';
import figures from '#/figures/messages';
import { fetchFile } from './answers';
import { drawnApart } from './Chart';
import type { Shown } from './Figure';
import texts from './messages';
import { captioned, keep, painted, pictureOf, type Caption } from './picture';
import type { Question } from './question';
import { coverageText } from './values';

const pictureWidth = 960;

const sheetType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** The address of a picture leaves nothing open: next year it still leads to what it shows. */
function addressOf(q: Question): string {
  const { measure, by, from, to, area, geo, form, view, asOf, period } = q;
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries({ measure, by, from, to, area, geo, form, view, as_of: asOf, period })) if (value !== undefined) asked.set(name, String(value));
  return `${location.origin}/trends?${asked}`;
}

/** Downloads keeps what is shown as a picture or as a table. */
export function Downloads({ title, q, answer, shown, box }: { title: string; q: Question; answer: string; shown: Shown; box: RefObject<HTMLElement | null> }) {
  const words = useWords();
  const { text, moment } = words;
  const [failed, setFailed] = useState(false);
  const name = [q.measure, q.form, q.by, q.area?.replace(':', '-'), q.from, q.to].filter(Boolean).join('-');
  const attempt = (work: () => Promise<void>) => () => {
    setFailed(false);
    work().catch(() => setFailed(true));
  };
  const caption: Caption = {
    title,
    answer,
    notes: [
      shown.note,
      ...(shown.pictureNotes ?? []),
      [text(texts.source), text(shown.figures.view === 'live' ? texts.liveFigures : texts.closedFigures), shown.figures.demonstration ? text(texts.demonstration) : ''].filter(Boolean).join(' · '),
      shown.figures.asOf ? text(figures.asOf, { time: moment(shown.figures.asOf) }) : '',
      ...(shown.figures.coverage.at(-1) ? [coverageText(words, shown.figures.coverage.at(-1)?.of)] : []),
      addressOf(q),
    ].filter(Boolean),
  };
  const picture = async () => {
    const own = shown.picture?.();
    if (own) return captioned(own.drawing, own.width, own.height, caption);
    if (shown.draw) return captioned(await drawnApart(shown.draw, pictureWidth, shown.height), pictureWidth, shown.height, caption);
    const svg = box.current?.querySelector<SVGSVGElement>('.drawing svg');
    if (!svg) throw new Error('nothing is drawn');
    return pictureOf(svg, caption);
  };
  const asSVG = async () => keep(new Blob([(await picture()).svg], { type: 'image/svg+xml' }), `${name}.svg`);
  const asPNG = async () => keep(await painted(await picture()), `${name}.png`);
  const as = (kind: string, end: string) => async () => keep(await fetchFile(shown.address, kind), `${name}.${end}`);
  return (
    <>
      <ActionMenu>
        <ActionMenu.Trigger>
          <Button variant="primary" icon={<DownloadIcon aria-hidden />}>{text(texts.download)}</Button>
        </ActionMenu.Trigger>
        <ActionMenu.Content>
          {!q.table && <ActionMenu.Item onSelect={attempt(asSVG)}>{text(texts.asSVG)}</ActionMenu.Item>}
          {!q.table && <ActionMenu.Item onSelect={attempt(asPNG)}>{text(texts.asPNG)}</ActionMenu.Item>}
          <ActionMenu.Item onSelect={attempt(as('text/csv', 'csv'))}>{text(texts.asCSV)}</ActionMenu.Item>
          <ActionMenu.Item onSelect={attempt(as(sheetType, 'xlsx'))}>{text(texts.asXLSX)}</ActionMenu.Item>
        </ActionMenu.Content>
      </ActionMenu>
      {failed && <Alert variant="error" size="small">{text(texts.downloadFailed)}</Alert>}
    </>
  );
}
