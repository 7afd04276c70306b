import '@navikt/ds-css/dist/component/modal.css';
import { Button, Modal, Select } from '@navikt/ds-react';
import { useRef, type ReactNode } from 'react';
import { useCodeList } from '#/api/codelists';
import { AreaSelect } from '#/figures/AreaSelect';
import { useWide } from '#/figures/useWide';
import { useWords } from '#/language/LanguageProvider';
import { periods } from './period';
import { purposes, type Asked, type Purpose } from './questions';
import texts from './messages';

/** Filters stand above the list; on a phone they are a sheet of their own. */
export function Filters({ asked, set, setPurpose }: { asked: Asked; set: (to: { province?: string; period?: string; kind?: string }) => void; setPurpose: (purpose: Purpose) => void }) {
  const { text, name } = useWords();
  const obligations = useCodeList('obligations');
  const half = asked.period.endsWith('H1');
  const kinds = new Map((obligations.data?.codes ?? []).filter((o) => o.parent && o.code.endsWith('_half') === half).map((o) => [o.parent!, name(o)]));
  return (
    <Sheet>
      <AreaSelect geography="34" nation={false} label={text(texts.province)} value={asked.province} onChange={(province) => set({ province })} />
      <Select label={text(texts.period)} value={asked.period} onChange={(event) => set({ period: event.target.value })}>
        {[...new Set([...periods(new Date()), asked.period])].map((p) => (
          <option key={p} value={p}>{text(p.endsWith('H1') ? texts.halfOption : texts.wholeYearOption, { year: p.slice(0, 4) })}</option>
        ))}
      </Select>
      <Select label={text(texts.kind)} value={asked.kind ?? ''} onChange={(event) => set({ kind: event.target.value || undefined })}>
        <option value="">{text(texts.allKinds)}</option>
        {[...kinds].map(([kind, words]) => (
          <option key={kind} value={kind}>{words}</option>
        ))}
      </Select>
      <Select label={text(texts.purpose)} value={asked.purpose} onChange={(event) => setPurpose(event.target.value as Purpose)}>
        {purposes.map((p) => (
          <option key={p} value={p}>{text(texts[p])}</option>
        ))}
      </Select>
    </Sheet>
  );
}

function Sheet({ children }: { children: ReactNode }) {
  const { text } = useWords();
  const wide = useWide();
  const sheet = useRef<HTMLDialogElement>(null);
  if (wide) return <section className="missing-filters" aria-label={text(texts.filters)}>{children}</section>;
  return (
    <>
      <Button variant="secondary" className="open-filters" onClick={() => sheet.current?.showModal()}>{text(texts.filters)}</Button>
      <Modal ref={sheet} header={{ heading: text(texts.filters) }} closeOnBackdropClick>
        <Modal.Body>
          <div className="stack">{children}</div>
        </Modal.Body>
        <Modal.Footer>
          <Button onClick={() => sheet.current?.close()}>{text(texts.done)}</Button>
        </Modal.Footer>
      </Modal>
    </>
  );
}
