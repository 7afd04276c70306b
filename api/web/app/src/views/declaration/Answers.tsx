import { FormSummary } from '@navikt/ds-react';
import { Link } from '@tanstack/react-router';
import { useCodeList } from '#/api/codelists';
import { readClock, readMoment } from '#/forms/moment';
import { useFilling } from '#/forms/ReportContext';
import { nameOf } from '#/forms/values';
import { useWords } from '#/language/LanguageProvider';
import formTexts from '#/forms/messages';
import type { Text } from '#/language/text';
import texts from './messages';
import type { Step } from './steps';

type Answer = [label: string, value: string | undefined, needed?: boolean];

/** Answers shows everything that was typed, as it will be filed. */
export function Answers() {
  const { text, day, moment } = useWords();
  const { report } = useFilling();
  const named = useNames();
  const at = (p: string) => report.at(`/content/${p}`) as string | undefined;
  const occurred = readMoment(at('occurred_at'));
  const when = occurred.day && readClock(occurred.time) ? moment(at('occurred_at')!) : occurred.day ? day(occurred.day) : undefined;
  const victims = (report.at('/content/victims') as Record<string, unknown>[] | undefined) ?? [];
  return (
    <>
      <Part
        step="place"
        title={text(texts.place)}
        answers={[
          [text(texts.occurredAtName), when, true],
          [text(texts.province), named.pair('provinces', report.at('/content/place/province')), true],
          [text(texts.placeText), at('place/text')],
          [text(texts.commune), at('place/commune_code')],
          [text(texts.commuting), text(report.at('/content/commuting') === true ? formTexts.yes : formTexts.no)],
        ]}
      />
      <Part
        step="unit"
        title={text(texts.unit)}
        answers={[
          [text(texts.reporterName), at('reporter/name'), true],
          ...(at('reporter/type') === 'commune'
            ? [[text(texts.reporterCommune), at('reporter/commune/code'), true] satisfies Answer]
            : [[text(texts.taxCode), at('reporter/tax_code'), true] satisfies Answer]),
          [text(texts.reporterProvince), named.pair('provinces', report.at('/content/reporter/province')), true],
          [text(texts.address), at('reporter/address')],
          [text(texts.phone), at('reporter/phone')],
          [text(texts.industry), named.industry(report.at('/content/industry')), true],
        ]}
      />
      {victims.length === 0 && <Part step="victims" title={text(texts.victims)} answers={[[text(texts.victims), undefined, true]]} />}
      {victims.map((v, i) => (
        <Part key={i} step="victims" title={text(texts.victim, { n: i + 1 })} answers={named.victim(v)} />
      ))}
      <Part
        step="event"
        title={text(texts.event)}
        answers={[
          [text(texts.summaryName), at('summary'), true],
          [text(texts.cause), named.code('causes', at('cause'))],
          [text(texts.factor), named.pair('factors', report.at('/content/factor'))],
        ]}
      />
    </>
  );
}

function Part({ step, title, answers }: { step: Step; title: string; answers: Answer[] }) {
  const { text } = useWords();
  return (
    <FormSummary>
      <FormSummary.Header>
        <FormSummary.Heading level="3">{title}</FormSummary.Heading>
      </FormSummary.Header>
      <FormSummary.Answers>
        {answers.map(([label, value, needed]) => (
          <FormSummary.Answer key={label}>
            <FormSummary.Label>{label}</FormSummary.Label>
            <FormSummary.Value className={value ? undefined : needed ? 'lacking' : 'quiet'}>{value ?? text(needed ? texts.missing : texts.notKnown)}</FormSummary.Value>
          </FormSummary.Answer>
        ))}
      </FormSummary.Answers>
      <FormSummary.Footer>
        <Link to="." search={(s: Record<string, unknown>) => ({ ...s, step })} className="aksel-link">
          {text(texts.change, { part: title })}
        </Link>
      </FormSummary.Footer>
    </FormSummary>
  );
}

/** Names of what was chosen from lists. */
function useNames() {
  const { text, name, day } = useWords();
  const lists = {
    provinces: useCodeList('provinces').data?.codes ?? [],
    factors: useCodeList('factors').data?.codes ?? [],
    causes: useCodeList('causes').data?.codes ?? [],
    vsic: useCodeList('vsic').data?.codes ?? [],
    'serious-injuries': useCodeList('serious-injuries').data?.codes ?? [],
  };
  type ListName = keyof typeof lists;
  const find = (list: ListName, which: string | undefined, code: string | undefined) =>
    name(lists[list].find((c) => c.code === code && (which === undefined || c.list === which))) || code;
  const code = (list: ListName, value: string | undefined) => (value ? `${value}. ${find(list, undefined, value)}` : undefined);
  const pair = (list: ListName, value: unknown) => {
    const { list: which, code: of } = (value ?? {}) as { list?: string; code?: string };
    return of ? find(list, which, of) : undefined;
  };
  const industry = (value: unknown) => {
    const { version, code: of } = (value ?? {}) as { version?: string; code?: string };
    return of ? `${of}. ${find('vsic', version, of.slice(0, 1))}` : undefined;
  };
  const said = (member: string, value: unknown): string | undefined => {
    const known: Text | undefined = typeof value === 'string' ? nameOf(member, value) : undefined;
    return known && text(known);
  };
  const victim = (v: Record<string, unknown>): Answer[] => {
    const s = (m: string) => v[m] as string | undefined;
    return [
      [text(texts.victimName), s('name'), true],
      [text(texts.severity), said('severity of a victim', v.severity), true],
      ...(v.severity === 'dead' ? [[text(texts.diedOn), s('died_on') && day(s('died_on')!), true] satisfies Answer] : []),
      ...(v.severity === 'serious'
        ? [[text(texts.injuries), (v.injuries as string[] | undefined)?.map((c) => code('serious-injuries', c)).join('; ')] satisfies Answer]
        : []),
      [text(texts.sex), said('sex', v.sex)],
      s('birth_year') && !s('birth_date') ? [text(texts.birthYear), s('birth_year')] : [text(texts.birthDate), s('birth_date') && day(s('birth_date')!)],
      [text(texts.idNumber), s('id_number')],
      [text(texts.occupation), s('occupation')],
      [text(texts.employment), said('employment', v.employment), true],
      [text(texts.underManagementName), typeof v.under_management === 'boolean' ? text(v.under_management ? formTexts.yes : formTexts.no) : undefined, true],
    ];
  };
  return { code, pair, industry, victim };
}
