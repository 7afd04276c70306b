import '@navikt/ds-css/dist/component/date.css';
import '@navikt/ds-css/dist/component/modal.css';
import '@navikt/ds-css/dist/component/popover.css';
import '@navikt/ds-css/dist/component/readmore.css';
import { DatePicker, FormSummary, ReadMore, Select, useDatepicker } from '@navikt/ds-react';
import { useState, type ReactNode } from 'react';
import { useCodeList } from '#/api/codelists';
import { fieldId, valueAt, withValue } from '#/forms/fields';
import { useWords } from '#/language/LanguageProvider';
import { Messages, NumberField, WordField } from './Field';
import { useAnnexForm } from './form';
import type { Cell } from './measures';
import { periodName } from './names';
import { Actions, PlaceFindings, Title } from './Parts';
import { vsicOf } from './prefill';
import texts from './messages';

/** Workers and the establishment; what an earlier report said is there already. */
export function Head() {
  const { text } = useWords();
  const { annex, change } = useAnnexForm();
  const at = (pointer: string) => valueAt(annex.head, pointer);
  const set = (pointer: string, value: unknown) => change({ ...annex, head: withValue(annex.head, pointer, value) as Record<string, unknown> });
  const number = (pointer: string) => ({ pointer: `/content${pointer}`, value: at(pointer) as Cell | undefined, set: (v: Cell | undefined) => set(pointer, v) });
  return (
    <div className="form">
      <Title hint={annex.headFrom && text(texts.headFrom, { period: periodName(text, annex.headFrom) })}>{text(texts.headTitle)}</Title>
      <PlaceFindings pointers={['/content', '/content/period', '/content/workers', '/content/industry', '/content/reporter', '/content/reporter/tax_code', '/content/covers_branches']} />
      <NumberField label={text(texts.workersTotal)} {...number('/workers/total')} />
      <NumberField label={text(texts.workersWomen)} {...number('/workers/women')} />
      <NumberField label={text(texts.payroll)} {...number('/payroll_million_vnd')} />
      <NumberField label={text(texts.hours)} description={text(texts.hoursHint)} {...number('/hours_worked')} />
      <Establishment at={at} set={set} />
      <Actions to={annex.answer === 'no' ? 'check' : annex.mode === 'table' ? 'table' : 'accidents'} back="question" />
    </div>
  );
}

type Access = { at: (pointer: string) => unknown; set: (pointer: string, value: unknown) => void };

const said = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Establishment is folded up where everything that is required is known and right. */
function Establishment({ at, set }: Access) {
  const { text } = useWords();
  const { within } = useAnnexForm();
  const known = ['/reporter/name', '/reporter/province/code', '/industry/code'].every((p) => at(p));
  const wrong = [...within('/content/reporter'), ...within('/content/industry'), ...within('/content/report_date')].some((f) => f.severity === 'error');
  // Once open it stays so while somebody types in it.
  const [foldable] = useState(known);
  if (!foldable || wrong) {
    return (
      <section className="stack" aria-label={text(texts.establishment)}>
        <h2>{text(texts.establishment)}</h2>
        <EstablishmentFields at={at} set={set} />
      </section>
    );
  }
  return (
    <>
      <EstablishmentSummary />
      <ReadMore header={text(texts.editEstablishment)}>
        <div className="stack"><EstablishmentFields at={at} set={set} /></div>
      </ReadMore>
    </>
  );
}

export function EstablishmentSummary({ edit }: { edit?: ReactNode }) {
  const { text, name, day } = useWords();
  const { annex } = useAnnexForm();
  const at = (pointer: string) => valueAt(annex.head, pointer);
  const provinces = useCodeList('provinces').data?.codes ?? [];
  const sections = useCodeList('vsic').data?.codes ?? [];
  const province = provinces.find((p) => p.list === at('/reporter/province/list') && p.code === at('/reporter/province/code'));
  const section = sections.find((s) => s.list === at('/industry/version') && s.code === said(at('/industry/code')).slice(0, 1));
  const answers: [string, string][] = [
    [text(texts.name), said(at('/reporter/name'))],
    [text(texts.taxCode), said(at('/reporter/tax_code'))],
    [text(texts.address), said(at('/reporter/address'))],
    [text(texts.province), province ? name(province) : said(at('/reporter/province/code'))],
    [text(texts.industry), section ? `${said(at('/industry/code'))} ${name(section)}` : said(at('/industry/code'))],
    [text(texts.reportDate), /^\d{4}-\d{2}-\d{2}$/.test(said(at('/report_date'))) ? day(said(at('/report_date'))) : said(at('/report_date'))],
  ];
  return (
    <FormSummary>
      <FormSummary.Header>
        <FormSummary.Heading level="2">{text(texts.establishment)}</FormSummary.Heading>
        {edit}
      </FormSummary.Header>
      <FormSummary.Answers>
        {answers.map(([label, value]) => (
          <FormSummary.Answer key={label}>
            <FormSummary.Label>{label}</FormSummary.Label>
            <FormSummary.Value>{value || text(texts.notGiven)}</FormSummary.Value>
          </FormSummary.Answer>
        ))}
      </FormSummary.Answers>
    </FormSummary>
  );
}

function EstablishmentFields({ at, set }: Access) {
  const { text } = useWords();
  const word = (pointer: string) => ({ pointer: `/content${pointer}`, value: said(at(pointer)), set: (v: string) => set(pointer, v || undefined) });
  return (
    <>
      <WordField label={text(texts.name)} autoComplete="organization" {...word('/reporter/name')} />
      <WordField label={text(texts.address)} autoComplete="street-address" {...word('/reporter/address')} />
      <WordField label={text(texts.phone)} autoComplete="tel" {...word('/reporter/phone')} />
      <Province at={at} set={set} />
      <Industry at={at} set={set} />
      <ReportDate value={said(at('/report_date'))} set={(v) => set('/report_date', v)} />
    </>
  );
}

function ReportDate({ value, set }: { value: string; set: (day: string | undefined) => void }) {
  const { text } = useWords();
  const { shown, leave } = useAnnexForm();
  const findings = shown('/content/report_date');
  const { datepickerProps, inputProps } = useDatepicker({
    defaultSelected: value ? new Date(`${value}T00:00`) : undefined,
    onDateChange: (day) => set(day?.toLocaleDateString('sv-SE')),
  });
  return (
    <DatePicker {...datepickerProps}>
      <DatePicker.Input
        {...inputProps}
        id={fieldId('/content/report_date')}
        label={text(texts.reportDate)}
        onBlur={(e) => {
          inputProps.onBlur?.(e);
          leave('/content/report_date');
        }}
        error={findings.length > 0 && <Messages findings={findings} />}
      />
    </DatePicker>
  );
}

/** A select of codes; a code that its list does not offer stays what it is. */
function CodeSelect({ pointers, label, value, offered, set }: { pointers: string[]; label: string; value: string; offered: { value: string; label: string }[]; set: (value: string) => void }) {
  const { text } = useWords();
  const { shown, leave } = useAnnexForm();
  const findings = pointers.flatMap(shown);
  const known = value === '' || offered.some((o) => o.value === value);
  return (
    <Select
      label={label}
      id={fieldId(findings[0]?.pointer ?? pointers[0]!)}
      value={value}
      onChange={(e) => set(e.target.value)}
      onBlur={() => pointers.forEach(leave)}
      error={findings.length > 0 && <Messages findings={findings} />}
    >
      <option value="">{text(texts.choose)}</option>
      {!known && <option value={value}>{value.replace(/^.*:/, '')}</option>}
      {offered.map((o) => <option key={o.value} value={o.value}>{o.label}</option>)}
    </Select>
  );
}

function Province({ at, set }: Access) {
  const { text, name } = useWords();
  const provinces = useCodeList('provinces').data?.codes ?? [];
  const code = said(at('/reporter/province/code'));
  return (
    <CodeSelect
      pointers={['/content/reporter/province', '/content/reporter/province/code', '/content/reporter/province/list']}
      label={text(texts.province)}
      value={code && `${said(at('/reporter/province/list'))}:${code}`}
      offered={provinces.filter((p) => p.list === '34').map((p) => ({ value: `34:${p.code}`, label: name(p) }))}
      set={(v) => set('/reporter/province', v ? { list: v.split(':')[0], code: v.split(':')[1] } : undefined)}
    />
  );
}

/** The sections of the version that applies; what an earlier report said by another stays until it is chosen anew. */
function Industry({ at, set }: Access) {
  const { text, name } = useWords();
  const sections = useCodeList('vsic').data?.codes ?? [];
  const version = vsicOf(said(at('/period')));
  const code = said(at('/industry/code'));
  return (
    <CodeSelect
      pointers={['/content/industry/code', '/content/industry/version']}
      label={text(texts.industry)}
      value={code && `${said(at('/industry/version'))}:${code}`}
      offered={sections.filter((s) => s.list === version).map((s) => ({ value: `${version}:${s.code}`, label: `${s.code}. ${name(s)}` }))}
      set={(v) => set('/industry', v ? { version, code: v.split(':')[1] } : { version })}
    />
  );
}
