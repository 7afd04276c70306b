import { Button, Select, TextField } from '@navikt/ds-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useWords } from '#/language/LanguageProvider';
import { UnitPicker } from '#/views/reports/UnitPicker';
import { periodName } from './names';
import { isTaxCode, unitOf } from './prefill';
import texts from './messages';

/** Periods that can be reported on by a day: the newest that is over first, back to the Decree's first. */
export function periodsUntil(today: Date): string[] {
  const year = today.getFullYear();
  const periods: string[] = [];
  for (let y = year; y >= 2016; y--) {
    if (y < year) periods.push(String(y));
    if (y < year || today.getMonth() >= 5) periods.push(`${y}H1`);
  }
  return [...periods, String(year)];
}

export function Start({ units, unit, period }: { units: string[]; unit?: string; period?: string }) {
  const { text } = useWords();
  const navigate = useNavigate();
  const offered = units.filter((u) => isTaxCode(unitOf(u).taxCode));
  const [chosenUnit, setUnit] = useState(unit ?? '');
  const [chosenPeriod, setPeriod] = useState(period ?? '');
  const [asked, setAsked] = useState(false);
  const unitWrong = asked && !isTaxCode(unitOf(chosenUnit.trim()).taxCode);
  const next = () => {
    setAsked(true);
    if (!isTaxCode(unitOf(chosenUnit.trim()).taxCode) || !chosenPeriod) return;
    void navigate({ to: '/new/annex-xii', search: { unit: chosenUnit.trim(), period: chosenPeriod } });
  };
  return (
    <form
      className="form"
      noValidate
      onSubmit={(e) => {
        e.preventDefault();
        next();
      }}
    >
      <div>
        <p className="quiet">{text(texts.title)}</p>
        <h1>{text(texts.startTitle)}</h1>
      </div>
      {offered.length > 0 ? (
        <UnitPicker label={text(texts.unit)} units={offered} value={chosenUnit || undefined} none={text(texts.choose)} onChange={(u) => setUnit(u ?? '')} error={unitWrong && text(texts.choose)} />
      ) : (
        <TextField label={text(texts.taxCode)} value={chosenUnit} onChange={(e) => setUnit(e.target.value)} error={unitWrong && text(texts.taxCodeWrong)} />
      )}
      <Select label={text(texts.period)} value={chosenPeriod} onChange={(e) => setPeriod(e.target.value)} error={asked && !chosenPeriod && text(texts.choose)}>
        <option value="">{text(texts.choose)}</option>
        {periodsUntil(new Date()).map((p) => <option key={p} value={p}>{periodName(text, p)}</option>)}
      </Select>
      <div className="annex-actions"><Button type="submit">{text(texts.next)}</Button></div>
    </form>
  );
}
