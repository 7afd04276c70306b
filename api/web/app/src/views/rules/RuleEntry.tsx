import '@navikt/ds-css/dist/component/readmore.css';
import '@navikt/ds-css/dist/component/tag.css';
import { ReadMore, Tag } from '@navikt/ds-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Schemas } from '#/api/client';
import { useDictionary } from '#/api/dictionary';
import { useWords } from '#/language/LanguageProvider';
import { source } from '#/language/sources';
import { shown, type Rule, type Severity } from './catalogue';
import { fieldOf } from './fieldOf';
import texts from './messages';

type Edit = Schemas['Edit'];

const tags = { error: 'error', warning: 'warning', hint: 'info' } as const;
const glyphs: Record<Severity, string> = { error: '✕', warning: '▲', hint: 'i' };

/** RuleEntry is one rule, in both languages: whoever files and whoever programs speak of the same. */
export function RuleEntry({ rule, here }: { rule: Rule; here: boolean }) {
  const { text, language, day } = useWords();
  const severity = rule.severity as Severity;
  const messages = { vi: shown(rule.message_vi), en: shown(rule.message) };
  const other = language === 'vi' ? 'en' : 'vi';
  return (
    <article id={rule.code} className={here ? 'rule here' : 'rule'} tabIndex={-1} aria-labelledby={`${rule.code}-name`}>
      <div className="head">
        <h2 id={`${rule.code}-name`}>
          <Link to="/rules" search={true} hash={rule.code} activeOptions={{ includeHash: true }} className="code" aria-label={text(texts.linkTo, { code: rule.code })}>{rule.code}</Link>
        </h2>
        <Tag size="small" variant={tags[severity]}>
          <span aria-hidden>{glyphs[severity]}&nbsp;</span>
          {text(texts[severity])}
        </Tag>
        {rule.acknowledge && <Tag size="small" variant="neutral">{text(texts.acknowledge)}</Tag>}
        {rule.status === 'UNVERIFIED' && <Tag size="small" variant="neutral" className="unverified">{text(texts.unverified)}</Tag>}
      </div>
      <div className="both">
        <p className="message">{messages[language]}</p>
        <p className="quiet" lang={other}>{messages[other]}</p>
      </div>
      <p className="small">
        {text(texts.source, { source: source(language, rule.legal_ref) })}
        {rule.valid_from && <> · {text(texts.validFrom, { day: day(rule.valid_from) })}</>}
      </p>
      {rule.example && <Example example={rule.example} />}
    </article>
  );
}

function Example({ example }: { example: NonNullable<Rule['example']> }) {
  const { text } = useWords();
  const [open, setOpen] = useState(false);
  return (
    <ReadMore header={text(texts.example)} size="small" open={open} onOpenChange={setOpen}>
      {open && <Edits example={example} />}
    </ReadMore>
  );
}

function Edits({ example }: { example: NonNullable<Rule['example']> }) {
  const { text, pick } = useWords();
  const fields = useDictionary(example.kind).data?.fields ?? [];
  const nameOf = (pointer: string) => {
    const field = fieldOf(fields, pointer);
    return field ? pick(field.meaning_vi, field.meaning) : undefined;
  };
  return (
    <div className="stack">
      <p>{text(texts.breaks, { place: nameOf(example.pointer) ?? example.pointer })}</p>
      <EditTable edits={example.breaks ?? []} nameOf={nameOf} />
      <p>{text(example.holds?.length ? texts.holds : texts.model)}</p>
      {example.holds?.length ? <EditTable edits={example.holds} nameOf={nameOf} /> : null}
    </div>
  );
}

function EditTable({ edits, nameOf }: { edits: Edit[]; nameOf: (pointer: string) => string | undefined }) {
  const { text } = useWords();
  return (
    <dl className="edits">
      {edits.map((e, i) => (
        <div key={i}>
          <dt>
            {nameOf(e.pointer)} <span className="code quiet">{e.pointer}</span>
          </dt>
          <dd className="code">{e.value ?? text(texts.removed)}</dd>
        </div>
      ))}
    </dl>
  );
}
